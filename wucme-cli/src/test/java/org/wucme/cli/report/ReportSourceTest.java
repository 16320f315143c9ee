package org.wucme.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The report uses the status of a manager, and reads no store. */
class ReportSourceTest {

    private static final Path SOURCES = Path.of("src/main/java/org/wucme/cli/report");
    private static final List<String> OF_STORES = List.of(
            "CertificateStore",
            "CertificateSource",
            "FileStore",
            "StoredCertificate",
            "RenewalRecord",
            "RenewalDecision");

    @Test
    void noClassOfTheReportReadsAStore() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();

            assertThat(sources)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(OF_STORES));
        }
    }
}
