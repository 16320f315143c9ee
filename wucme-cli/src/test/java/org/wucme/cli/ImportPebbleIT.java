package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.Pem;
import org.wucme.store.AriChoice;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** What certbot, lego and uacme really write, taken over, and renewed by us with the same account. */
@RequiresPebble
@RequiresOtherClients
@Timeout(120)
class ImportPebbleIT {

    private static final String PAST_WINDOW =
            "{\"suggestedWindow\": {\"start\": \"2020-01-01T00:00:00Z\", \"end\": \"2020-01-02T00:00:00Z\"}}";

    @TempDir
    static Path made;

    private static Pebble pebble;
    private static Path certbot;
    private static Path uacme;
    private static CompletableFuture<Path> lego;

    private User user;

    // lego waits long, and needs another port.
    @BeforeAll
    static void makeFolders() throws Exception {
        // certbot gives up at the second bad nonce.
        pebble = Pebble.start(Pebble.options().nonceReject(0));
        OtherClients clients = new OtherClients(pebble, made);
        lego = CompletableFuture.supplyAsync(() -> {
            try {
                return clients.lego("c.example.test", "d.example.test");
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        certbot = clients.certbot("mysite", "a.example.test", "b.example.test");
        uacme = clients.uacme("127.0.0.1");
    }

    @AfterAll
    static void end() throws IOException {
        pebble.close();
    }

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(pebble.directoryUrl(), pebble.tlsRoot(), folder)
                .with("WUCME_HTTP_PORT", String.valueOf(pebble.httpPort()))
                .with("WUCME_TLS_PORT", String.valueOf(pebble.tlsPort()));
    }

    private static X509Certificate certificateIn(Path file) throws IOException {
        return Pem.certificates(Files.readString(file)).get(0);
    }

    private static List<String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return file + " " + Files.getLastModifiedTime(file) + " " + Files.readString(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    private void requireTakenOverAndRenewed(Path folder, Path certificate, String name, @Nullable String accountUrl)
            throws Exception {
        List<String> before = contents(folder);

        User.Run run = user.wucme("import", folder.toString());

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(contents(folder)).isEqualTo(before);
        String file = "WUCME_C_" + name + ".PEM";
        X509Certificate first = user.certificate(file);
        assertThat(first).isEqualTo(certificateIn(certificate));
        assertThat(user.wucme("manage").out()).contains("nothing to do before");
        pebble.setRenewalInfo(first, PAST_WINDOW);
        isToBeAskedAbout(name);
        pebble.clearRequests();

        User.Run renewed = user.wucme("manage");

        assertThat(renewed.exit()).as(renewed.toString()).isZero();
        assertThat(user.certificate(file)).isNotEqualTo(first);
        assertThat(user.certificate(file).getSubjectAlternativeNames())
                .containsExactlyInAnyOrderElementsOf(first.getSubjectAlternativeNames());
        assertThat(pebble.requests()).contains("POST /order-plz").doesNotContain("POST /sign-me-up");
        if (accountUrl != null) {
            assertThat(Files.readString(user.file("WUCME_R_ACCOUNT.JSON"))).contains("\"" + accountUrl + "\"");
        }
    }

    // Nobody is asked so early about a certificate that is new.
    private void isToBeAskedAbout(String name) throws IOException {
        FileStore store = FileStore.open(user.here());
        RenewalRecord record =
                Objects.requireNonNull(store.load(name).orElseThrow().renewal());
        TestWrites.saveRecord(store, name, record.withRenewalInfo(new AriChoice(null, null, Instant.EPOCH)));
    }

    private static String accountUrl(Path folder, String file) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Path found = files.filter(path -> path.endsWith(file)).findFirst().orElseThrow();
            var json = new ObjectMapper().readTree(found.toFile());
            return json.findPath("uri").textValue();
        }
    }

    @Test
    void certbots() throws Exception {
        requireTakenOverAndRenewed(
                certbot, certbot.resolve("live/mysite/cert.pem"), "A_EXAMPLE_TEST", accountUrl(certbot, "regr.json"));
    }

    @Test
    void legos() throws Exception {
        Path folder = lego.get(60, TimeUnit.SECONDS);
        requireTakenOverAndRenewed(
                folder,
                folder.resolve("certificates/c.example.test.crt"),
                "C_EXAMPLE_TEST",
                accountUrl(folder, "account.json"));
    }

    @Test
    void uacmes() throws Exception {
        requireTakenOverAndRenewed(uacme, uacme.resolve("127.0.0.1/cert.pem"), "127_0_0_1", null);
    }
}
