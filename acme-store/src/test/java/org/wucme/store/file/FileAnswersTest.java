package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.challenge.TlsAlpn01;

@SuppressWarnings("NullAway.Init")
class FileAnswersTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final PendingAnswer HTTP = answer(Http01.TYPE, "www.example.org", "token-1");
    private static final PendingAnswer TLS = answer(TlsAlpn01.TYPE, "www.example.org", "token-2");

    @TempDir
    Path folder;

    private FileStore store;

    private static PendingAnswer answer(String type, String host, String token) {
        return new PendingAnswer(type, Identifier.dns(host), token, "thumb", NOW.plusSeconds(60));
    }

    @BeforeEach
    void open() throws IOException {
        store = at(NOW);
    }

    private FileStore at(Instant time) throws IOException {
        return FileStore.open(folder, Clock.fixed(time, ZoneOffset.UTC));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("WUCME_B_"))
                    .toList();
        }
    }

    @Test
    void whatOneProcessPutsAnotherFinds() throws IOException {
        store.answers().put(HTTP);
        store.answers().put(TLS);

        FileStore other = at(NOW);
        assertThat(other.answers().find(Http01.TYPE, List.of("unknown", "token-1", "token-1")))
                .containsExactly(HTTP);
        assertThat(other.answers().find(TlsAlpn01.TYPE, List.of("www.example.org")))
                .containsExactly(TLS);
        assertThat(other.answers().find(Http01.TYPE, List.of("token-2"))).isEmpty();
        assertThat(files()).allSatisfy(file -> {
            assertThat(String.valueOf(file.getFileName())).matches("WUCME_B_[0-9A-F]{31}\\.JSON");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        });
        assertThat(other.list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc/passwd", "\0", "a b", "\uD800"})
    void aKeyFromTheNetworkMayBeAnyText(String key) throws IOException {
        assertThat(store.answers().find(Http01.TYPE, List.of(key, key.repeat(100_000))))
                .isEmpty();
    }

    @Test
    void aRemovedAnswerIsGoneUnlessAnotherTookItsPlace() throws IOException {
        PendingAnswer later = answer(TlsAlpn01.TYPE, "www.example.org", "token-3");
        store.answers().put(TLS);
        store.answers().put(later);

        store.answers().remove(TLS);
        assertThat(store.answers().find(TlsAlpn01.TYPE, List.of("www.example.org")))
                .containsExactly(later);

        store.answers().remove(later);
        store.answers().remove(later);
        assertThat(files()).isEmpty();
    }

    @Test
    void anExpiredAnswerIsNotFoundAndCleanedUp() throws IOException {
        store.answers().put(HTTP);
        FileStore later = at(NOW.plus(Duration.ofHours(1)));
        assertThat(later.answers().find(Http01.TYPE, List.of("token-1"))).isEmpty();

        later.answers()
                .put(new PendingAnswer(Http01.TYPE, HTTP.identifier(), "token-9", "thumb", NOW.plusSeconds(7200)));

        assertThat(files()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"version\": 2}", "{\"type\": \"http-01\"}"})
    void aDamagedAnswerIsNoneAndIsReplaced(String text) throws IOException {
        store.answers().put(HTTP);
        Files.writeString(files().get(0), text);
        assertThat(store.answers().find(Http01.TYPE, List.of("token-1"))).isEmpty();
        assertThatCode(() -> store.answers().remove(HTTP)).doesNotThrowAnyException();

        store.answers().put(HTTP);

        assertThat(store.answers().find(Http01.TYPE, List.of("token-1"))).containsExactly(HTTP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"token-1\"", "\"thumb\""})
    void anAnswerThatCouldInjectSomethingIsNotUsed(String member) throws IOException {
        store.answers().put(HTTP);
        Path file = files().get(0);
        Files.writeString(file, Files.readString(file).replace(member, "\"<script>\""));

        assertThat(store.answers().find(Http01.TYPE, List.of("token-1", "<script>")))
                .isEmpty();
    }

    @Test
    void anAnswerUnderAnothersNameOrBehindALinkIsNotUsed(@TempDir Path elsewhere) throws IOException {
        store.answers().put(HTTP);
        Path file = files().get(0);
        Path copy = Files.move(file, elsewhere.resolve("copy"));
        Files.createSymbolicLink(file, copy);
        assertThat(store.answers().find(Http01.TYPE, List.of("token-1"))).isEmpty();

        Files.delete(file);
        Files.writeString(file, Files.readString(copy).replace("token-1", "token-7"));
        assertThat(store.answers().find(Http01.TYPE, List.of("token-1", "token-7")))
                .isEmpty();
    }
}
