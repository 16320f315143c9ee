package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderOwnerTest {

    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"wucme, sudo -u wucme wucme --here", "4711, sudo -u '#4711' wucme --here"})
    void rootIsToldWhoseFolderItIs(String owner, String advice) {
        assertThat(FolderOwner.refusal(folder, owner))
                .hasMessageContaining(folder + " belongs to " + owner)
                .hasMessageContaining(advice + " " + folder);
    }

    @Test
    void rootMayUseItsOwnFolderAndOneThatIsNotThereYet() {
        assertThatCode(() -> FolderOwner.require(folder)).doesNotThrowAnyException();
        assertThatCode(() -> FolderOwner.require(folder.resolve("missing"))).doesNotThrowAnyException();
    }

    @Test
    void rootKeepsNothingBelowAFolderOfAnotherUser() throws Exception {
        assumeTrue(isRoot(), "only root can give a folder to another user");
        Path below = Files.createDirectory(folder.resolve("below"));
        Files.setAttribute(folder, "unix:uid", NOBODY);

        User.Run run = User.in(below).wucme("register", "--agree-tos");

        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains(folder + " belongs to ", "run this as that user");
        assertThat(below).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "register --agree-tos",
                "issue a.example",
                "manage",
                "agent",
                "status",
                "check load --load +",
                "check http01 --seconds 1",
                "account show"
            })
    void rootWritesNothingIntoTheFolderOfSomebodyElse(String words) throws Exception {
        assumeTrue(isRoot(), "only root can give a folder to somebody else");
        Files.setAttribute(folder, "unix:uid", NOBODY);
        User user = User.in(folder).with("WUCME_HTTP_PORT", "0");

        User.Run run = user.wucme(words.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: " + folder + " belongs to ")
                .contains("sudo -u ")
                .hasLineCount(1);
        assertThat(user.files()).isEmpty();
    }

    @Test
    void theSettingsOfSomebodyElseAreNotReadByRootEither() throws Exception {
        assumeTrue(isRoot(), "only root can give a folder to somebody else");
        Path file = Files.writeString(folder.resolve("WUCME.CONF"), "WUCME_LOAD=/bin/evil\n");
        Files.setAttribute(folder, "unix:uid", NOBODY);
        Files.setAttribute(file, "unix:uid", NOBODY);

        assertThat(User.in(folder).wucme("status").err()).contains(folder + " belongs to ", "sudo -u ");
        assertThat(User.in(folder).files()).isEqualTo(List.of("WUCME.CONF"));
    }

    // Nobody else can make a folder that is somebody else's; for them, the tests above try the decision.
    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
