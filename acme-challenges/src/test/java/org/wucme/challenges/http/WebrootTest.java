package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.Proof;
import org.wucme.testing.Intruder;

class WebrootTest {

    @TempDir
    private Path root;

    private final Proof proof = Proof.of("www.example.org");
    private Path wellKnown;
    private Path folder;
    private Path file;
    private Webroot webroot;

    @BeforeEach
    void paths() {
        wellKnown = root.resolve(".well-known");
        folder = wellKnown.resolve("acme-challenge");
        file = folder.resolve(proof.token());
        webroot = new Webroot(root);
    }

    private static Presented present(Webroot webroot, Proof proof) throws IOException {
        return webroot.present(proof.http01(), proof.identifier(), proof.account());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Stream<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        }
    }

    @Test
    void theFileHoldsTheKeyAuthorizationAndNothingElseIsLeftBeside() throws IOException {
        present(webroot, proof);
        assertThat(file).hasContent(proof.answer().value());
        assertThat(Files.size(file)).isEqualTo(proof.answer().value().length());
        assertThat(entries(folder)).containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".well-known",
                ".well-known/acme-challenge",
                ".well-known/acme-challenge/",
                ".well-known/acme-challenge/.",
                "./.well-known/./acme-challenge",
                "."
            })
    void aFolderOfTheChallengesStandsForTheRoot(String given) throws IOException {
        try (Presented presented = present(new Webroot(root.resolve(given)), proof)) {
            assertThat(file).hasContent(proof.answer().value());
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void theWebServerCanReadFileAndFolders() throws IOException {
        present(webroot, proof);
        assertThat(mode(file)).isEqualTo("rw-r--r--");
        assertThat(mode(folder)).isEqualTo("rwxr-xr-x");
        assertThat(mode(wellKnown)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void closingRemovesTheFileAndTheFoldersMadeForIt() throws IOException {
        Presented presented = present(webroot, proof);
        presented.close();
        presented.close();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void foldersThatWereThereStay() throws IOException {
        Files.createDirectory(wellKnown);
        present(webroot, proof).close();
        assertThat(wellKnown).isEmptyDirectory();
        Files.createDirectory(folder);
        present(new Webroot(root), proof).close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatOthersPutThereStays() throws IOException {
        Presented presented = present(webroot, proof);
        Path foreign = Files.writeString(folder.resolve("foreign"), "x");
        presented.close();
        assertThat(entries(folder)).containsExactly(foreign);
    }

    @Test
    void closingOneOrderLeavesTheOtherWithTheSameToken() throws IOException {
        Presented first = present(webroot, proof);
        Presented second = present(webroot, Proof.withToken("b.example", proof.token()));
        first.close();
        first.close();
        assertThat(file).exists();
        second.close();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void anAnswerLeftByACrashIsReplaced() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(file, "something old and longer than what comes ".repeat(10));
        present(webroot, proof);
        assertThat(file).hasContent(proof.answer().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "../../x", "a/b", "a\\b", "a.b", "a b", "a\u0000", "ä", "a\n"})
    void aTokenThatIsNoneTouchesNoPath(String token) throws IOException {
        Proof evil = Proof.withToken("a.example", token);
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> present(webroot, evil))
                .withMessageContaining("a.example");
        assertThat(root).isEmptyDirectory();
    }

    @Property(tries = 300)
    void onlyTokensOfBase64urlCharactersReachTheDisk(@ForAll String token) throws IOException {
        Path fresh = Files.createTempDirectory("webroot");
        Proof any = Proof.withToken("a.example", token);
        boolean fine = !token.isEmpty()
                && token.length() < 200
                && token.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
        try {
            if (fine) {
                present(new Webroot(fresh), any).close();
            } else {
                assertThatIOException().isThrownBy(() -> present(new Webroot(fresh), any));
            }
            assertThat(fresh).isEmptyDirectory();
        } finally {
            Files.delete(fresh);
        }
    }

    @Test
    void aCheckLeavesNothingBehind() throws IOException {
        webroot.check(List.of(proof.identifier()));
        assertThat(root).isEmptyDirectory();

        Files.createDirectories(folder);
        new Webroot(root).check(List.of(proof.identifier()));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCheckFindsWhatWouldFail() throws IOException {
        Path missing = root.resolve("missing");
        assertThatIOException()
                .isThrownBy(() -> new Webroot(missing).check(List.of(proof.identifier())))
                .withMessageStartingWith("the webroot " + missing + " does not exist");
        assertThat(missing).doesNotExist();

        Files.writeString(wellKnown, "x");
        assertThatIOException()
                .isThrownBy(() -> webroot.check(List.of(proof.identifier())))
                .withMessageContaining(wellKnown + " is in the way");
    }

    @Test
    void settingsTellTheRoot() {
        assertThat(webroot.settings())
                .isEqualTo(new Webroot(root).settings())
                .isNotEqualTo(new Webroot(root.resolve("other")).settings());
    }

    @Test
    void aMissingRootIsSaid() {
        Path missing = root.resolve("missing");
        assertThatIOException()
                .isThrownBy(() -> present(new Webroot(missing), proof))
                .withMessageStartingWith("the webroot " + missing + " does not exist");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aRootThatIsAFileIsSaid() throws IOException {
        Path notFolder = Files.writeString(root.resolve("file"), "x");
        assertThatIOException()
                .isThrownBy(() -> present(new Webroot(notFolder), proof))
                .withMessageStartingWith("the webroot " + notFolder + " is not a folder");
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaid() throws IOException {
        Files.writeString(wellKnown, "x");
        assertThatIOException()
                .isThrownBy(() -> present(webroot, proof))
                .withMessage(wellKnown + " is in the way: it must be a folder");
    }

    @Test
    void afterAFailureTheSameTokenCanBePresentedAgain() throws IOException {
        Files.writeString(wellKnown, "x");
        assertThatIOException().isThrownBy(() -> present(webroot, proof));
        Files.delete(wellKnown);
        try (Presented presented = present(webroot, proof)) {
            assertThat(file).exists();
        }
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aFileThatCannotBePutInPlaceLeavesNoTemporaryBehind() throws IOException {
        Files.createDirectories(file.resolve("full"));
        assertThatIOException().isThrownBy(() -> present(webroot, proof));
        assertThat(entries(folder)).containsExactly(file);
    }

    @Test
    void anInterruptedThreadStillCleansUp() throws IOException {
        Thread.currentThread().interrupt();
        try (Presented presented = present(webroot, proof)) {
            assertThat(file).exists();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void solvesHttp01ForAllButWildcards() {
        assertThat(webroot.canSolve(proof.http01(), proof.identifier())).isTrue();
        assertThat(webroot.canSolve(proof.http01(), Identifier.dns("*.example.org")))
                .isFalse();
        assertThat(webroot.canSolve(proof.dns01(), proof.identifier())).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> webroot.present(proof.dns01(), proof.identifier(), proof.account()));
    }

    @Test
    void manyOrdersThatComeAndGoKeepTheirFilesAndLeaveNothing() throws Exception {
        Concurrently.run(600, 8, number -> {
            Proof mine = Proof.withToken("n" + number + ".example", "token" + number % 7);
            try (Presented presented = present(webroot, mine)) {
                assertThat(folder.resolve(mine.token()))
                        .hasContent(mine.answer().value());
            }
        });
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void severalProcessesMayUseOneRoot() throws Exception {
        Concurrently.run(600, 8, number -> {
            Proof mine = Proof.of("n" + number + ".example");
            try (Presented presented = present(new Webroot(root), mine)) {
                assertThat(folder.resolve(mine.token()))
                        .hasContent(mine.answer().value());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".well-known", ".well-known/acme-challenge"})
    void anOwnerOfTheWebrootWhoExchangesEntriesLeadsRootNowhere(String exchanging) throws IOException {
        Path www = Files.createDirectory(root.resolve("www"));
        Files.createDirectories(www.resolve(exchanging));
        Webroot theirs = new Webroot(www);
        try (Intruder intruder = Intruder.in(www.resolve(exchanging), root)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            for (int i = 0; System.nanoTime() < end || intruder.exchanges() == 0; i++) {
                presentIfPossible(theirs, Proof.of("n" + i + ".example"));
                intruder.assertNothingHappenedElsewhere();
            }
            assertThat(intruder.exchanges()).isPositive();
        }
    }

    private static void presentIfPossible(Webroot webroot, Proof proof) {
        try (Presented presented = present(webroot, proof)) {
            assertThat(presented).isNotNull();
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("/proc/");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".well-known", ".well-known/acme-challenge"})
    void aWebrootOfAnotherUserIsServedAsOurOwnIs(String folders) throws IOException {
        Path www = Files.createDirectory(root.resolve("www"));
        Path existing = Files.createDirectories(www.resolve(folders));
        Path given = root;
        for (Path part : root.relativize(existing)) {
            given = given.resolve(part);
            Intruder.give(given);
        }
        Path answers = www.resolve(".well-known/acme-challenge");
        Path answer = answers.resolve(proof.token());

        try (Presented presented = present(new Webroot(www), proof)) {
            assertThat(answer).hasContent(proof.answer().value());
            assertThat(mode(answer)).isEqualTo("rw-r--r--");
            assertThat(mode(answers)).isEqualTo("rwxr-xr-x");
            assertThat(entries(answers)).containsExactly(answer);
            assertThat(new Webroot(www).find(proof.token()))
                    .contains(proof.answer().value());
        }
        assertThat(existing).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"www", "www/.well-known", "www/.well-known/acme-challenge"})
    void anotherUsersSymbolicLinkIsNotFollowed(String link) throws IOException {
        Path home = Files.createDirectory(root.resolve("home"));
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Path made = home.resolve(link);
        Files.createDirectories(made.getParent());
        Files.createSymbolicLink(made, elsewhere);
        Intruder.give(made);
        Intruder.give(home);

        assertThatIOException()
                .isThrownBy(() -> present(new Webroot(home.resolve("www")), proof))
                .withMessageContainingAll(made.toString(), "symbolic link", "not followed");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"www", "www/.well-known", "www/.well-known/acme-challenge"})
    void ourOwnSymbolicLinkIsFollowed(String link) throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Path made = root.resolve(link);
        Files.createDirectories(made.getParent());
        Files.createSymbolicLink(made, elsewhere);

        try (Presented presented = present(new Webroot(root.resolve("www")), proof)) {
            assertThat(root.resolve("www/.well-known/acme-challenge").resolve(proof.token()))
                    .hasContent(proof.answer().value());
        }
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(made).isSymbolicLink();
    }

    @Test
    void aFileThatIsNoAnswerIsNotShown() throws IOException {
        Files.createDirectories(folder);
        Path secret = Files.writeString(root.resolve("secret"), "root:secret");
        Files.createLink(file, secret);
        assertThat(webroot.find(proof.token())).isEmpty();

        Files.delete(file);
        Files.createSymbolicLink(file, secret);
        assertThat(webroot.find(proof.token())).isEmpty();

        Files.delete(file);
        assertThat(webroot.find(proof.token())).isEmpty();
        assertThat(webroot.find("../../secret")).isEmpty();
    }
}
