package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.internal.files.ProcessUser;

class ConfigurationTest {

    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("WUCME.CONF"), String.join("\n", lines));
    }

    private Map<String, String> read(Map<String, String> environment, String... words) throws IOException {
        return Configuration.read(environment, words).variables();
    }

    @Test
    void theFileInTheFolderHoldsVariablesAsAShellHasThem() throws IOException {
        write(
                "# comment",
                "",
                "WUCME_HTTP_PORT=8080",
                "  WUCME_MAIL=root",
                "WUCME_OPCOM=\"central, oper2\"  ",
                "WUCME_LOAD='+'",
                "WUCME_LOAD=/bin/copy \"to = there\"");

        assertThat(read(Map.of("WUCME_HERE", folder.toString())))
                .containsEntry("WUCME_HTTP_PORT", "8080")
                .containsEntry("WUCME_MAIL", "root")
                .containsEntry("WUCME_OPCOM", "central, oper2")
                .containsEntry("WUCME_LOAD", "+\n/bin/copy \"to = there\"");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        write("\uFEFFWUCME_HTTP_PORT=5002");

        assertThat(read(Map.of("WUCME_HERE", folder.toString()))).containsEntry("WUCME_HTTP_PORT", "5002");
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        write("WUCME_HTTP_PORT=1", "WUCME_TLS_PORT=2");

        assertThat(read(Map.of("WUCME_HERE", folder.toString(), "WUCME_HTTP_PORT", "3")))
                .containsEntry("WUCME_HTTP_PORT", "3")
                .containsEntry("WUCME_TLS_PORT", "2");
    }

    @Test
    void theFolderOfTheCommandLineGoesBeforeThatOfTheVariable() throws IOException {
        write("WUCME_HTTP_PORT=1");

        assertThat(read(Map.of("WUCME_HERE", "elsewhere"), "issue", "--here", folder.toString()))
                .containsEntry("WUCME_HTTP_PORT", "1");
        assertThat(read(Map.of("WUCME_HERE", "elsewhere"), "--here=" + folder, "issue"))
                .containsEntry("WUCME_HTTP_PORT", "1");
        assertThat(read(Map.of("WUCME_HERE", "elsewhere"), "issue")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "=x", "WUCME_MAIL = x", "export WUCME_MAIL=x", "9=x"})
    void whatIsNoVariableIsSaidWithFileAndLineAndNotShown(String line) throws IOException {
        Path file = write("# first", line);

        User.Run run = User.in(folder).wucme("version");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("wucme: " + file + ", line 2: NAME=VALUE is expected there\n");
    }

    @Test
    void aNameThatNobodyKnowsIsToldWithTheOneThatWasMeantAndIsNoFailure() throws IOException {
        Path file = write(
                "WUCME_LAOD=/bin/true", "WUCME_MAIL=root", "https_proxy=a:1", "WUCME_webrot=/x", "WUCME_OF_MY_OWN=x");

        User.Run run = User.in(folder).wucme("version");

        assertThat(run.exit()).isZero();
        assertThat(run.err().lines())
                .containsExactly(
                        "wucme: warning: " + file + ", line 1: no command knows WUCME_LAOD, so that it changes"
                                + " nothing; did you mean WUCME_LOAD?",
                        "wucme: warning: " + file + ", line 4: no command knows WUCME_webrot, so that it changes"
                                + " nothing; did you mean WUCME_WEBROOT?",
                        "wucme: warning: " + file + ", line 5: no command knows WUCME_OF_MY_OWN, so that it changes"
                                + " nothing");
    }

    @Test
    void theKnownNamesAreThoseOfAllOptionsAndThePasswordThatNoOptionShows() {
        Stream<String> options = HelpTest.commands()
                .flatMap(words -> HelpTest.find(HelpTest.model(Map.of()), words).getCommandSpec().options().stream())
                .filter(option -> !option.usageHelp())
                .map(EnvironmentDefaults::variableOf);

        assertThat(KnownVariables.names().stream().map("WUCME_"::concat))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(options, Stream.of("WUCME_SMTP_PASSWORD")).collect(Collectors.toSet()));
    }

    @Test
    void anotherEncodingIsSaidWithTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("WUCME.CONF"), "# f\u00fcr alle\n", StandardCharsets.ISO_8859_1);

        User.Run run = User.in(folder).wucme("version");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("wucme: " + file + " is not text in UTF-8: save it in that encoding\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-"})
    void aFileThatOthersCanChangeIsRefused(String mode) throws IOException {
        Files.setPosixFilePermissions(write("WUCME_LOAD=/bin/evil"), PosixFilePermissions.fromString(mode));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(Map.of("WUCME_HERE", folder.toString())))
                .withMessageContaining("chmod go-w");
    }

    @Test
    void rootReadsNoFileThatAnotherUserCanExchange() throws Exception {
        assumeTrue(ProcessUser.isRoot(), "only root can give a folder to another user");
        Path others = Files.createDirectory(folder.resolve("others"));
        Path file = Files.writeString(others.resolve("target"), "WUCME_LOAD=/bin/evil");
        Files.createSymbolicLink(folder.resolve("WUCME.CONF"), file);
        Files.setAttribute(others, "unix:uid", NOBODY);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(Map.of("WUCME_HERE", folder.toString())))
                .withMessageContaining(others + " belongs to ");
    }

    @Test
    void aFileOfAnotherUserIsRefusedWhateverTheNameOfThisOneIs() throws Exception {
        assumeTrue(ProcessUser.isRoot(), "only root can give a file to another user");
        Path file = write("WUCME_LOAD=/bin/evil");
        Files.setAttribute(file, "unix:uid", NOBODY);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> readAs(Files.getOwner(file).getName()))
                .withMessageContaining(file + " belongs to ");
    }

    @Test
    void ourOwnFileIsReadWhateverOurNameIs() throws Exception {
        write("WUCME_HTTP_PORT=1");

        assertThat(readAs("another-name")).containsEntry("WUCME_HTTP_PORT", "1");
    }

    private Map<String, String> readAs(String name) throws IOException {
        String before = System.setProperty("user.name", name);
        try {
            return read(Map.of("WUCME_HERE", folder.toString()));
        } finally {
            System.setProperty("user.name", before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WUCME_SMTP_PASSWORD=T0KEN",
                "WUCME_EAB_KEY=T0KEN",
                "WUCME_WEBHOOK=https://hooks.example.org/T0KEN",
                "WUCME_WEBHOOK=https://hooks.example.org?T0KEN",
                "WUCME_LOAD=https://user:T0KEN@host.example",
                "WUCME_LOAD=curl -sS https://host.example/x?key=T0KEN",
                "WUCME_PROXY=http://user:T0KEN@proxy.example:3128"
            })
    void aWarningTellsThatAllUsersCanReadASecret(String line) throws IOException {
        Path file = write("WUCME_CA=https://ca.example/directory", line);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(warnings())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains(file + " can be read by all users", line.replaceFirst("=.*", ""))
                .doesNotContain("T0KEN", "WUCME_CA");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void withoutASecretAllUsersMayReadIt() throws IOException {
        Path file = write(
                "WUCME_CA=https://ca.example/directory",
                "WUCME_SMTP=smtps://user@mail.example.org",
                "WUCME_SMTP_PASSWORD_FILE=/etc/wucme/password",
                "WUCME_WEBHOOK=https://hooks.example.org/",
                "WUCME_LOAD=https://host.example/reload");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(warnings()).isEmpty();
    }

    private List<String> warnings() throws IOException {
        return Configuration.read(Map.of("WUCME_HERE", folder.toString())).warnings();
    }
}
