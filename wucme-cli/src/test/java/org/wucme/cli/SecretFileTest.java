package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.cli.report.Password;

class SecretFileTest {

    private Path file = Path.of("");

    @BeforeEach
    void begin(@TempDir Path folder) {
        file = folder.resolve("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass phrase",
                "pass phrase\n",
                " pass phrase \r\n",
                "\npass phrase\nwhat it is for\n",
                "\uFEFFpass phrase\n"
            })
    void theFirstLineIsThePassword(String text) throws Exception {
        Files.writeString(file, text);

        assertThat(SecretFile.read(file)).isEqualTo("pass phrase");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n\n"})
    void anEmptyOneIsNamed(String text) throws Exception {
        Files.writeString(file, text);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SecretFile.read(file))
                .withMessage(file + " is empty, where a password is expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void sixteenBitTextIsRefused(String charset) throws Exception {
        Files.writeString(file, "pass phrase\n", Charset.forName(charset));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SecretFile.read(file))
                .withMessage(file + " is not text in UTF-8: save it in that encoding");
    }

    @Test
    void anotherEncodingIsSaidWithTheFileAndWithoutThePassword() throws Exception {
        Files.writeString(file, "gr\u00fcn gr\u00fcn gr\u00fcn", StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SecretFile.read(file))
                .withMessage(file + " is not text in UTF-8: save it in that encoding");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Password.read(file))
                .withMessageContaining(file + " is not text in UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r--r--, can be read by all users",
        "rw----r--, can be read by all users",
        "rw-r--rw-, can be read by all users",
        "rw--w----, can be changed by other users",
        "rw-----w-, can be changed by other users"
    })
    void aFileThatOthersReadOrChangeIsWarnedOf(String mode, String warning) throws Exception {
        Files.writeString(file, "pass phrase");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(log(() -> SecretFile.read(file)))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains(file + " " + warning)
                .doesNotContain("phrase");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rw-r-----"})
    void oneThatOnlyTheOwnerAndPerhapsTheGroupReadsIsFine(String mode) throws Exception {
        Files.writeString(file, "pass phrase");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(log(() -> SecretFile.read(file))).isEmpty();
    }

    private static List<String> log(ThrowingCallable reading) {
        List<String> lines = new ArrayList<>();
        LogLine log = LogLine.install(lines::add, Level.WARNING);
        try {
            assertThatCode(reading).doesNotThrowAnyException();
        } finally {
            log.close();
        }
        return lines;
    }
}
