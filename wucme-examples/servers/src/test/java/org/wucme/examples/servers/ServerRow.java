package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.ca.TestCa;

/** A row of the matrix of servers; it says how its server is started, and this is what must be true of each. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServerRow {

    /** Starts the server where the scene says, and leaves the manager to be started. */
    abstract Running start(Scene scene) throws Exception;

    /** How the server can prove its names. */
    abstract Set<Proof> proofs();

    @ParameterizedTest
    @MethodSource("proofs")
    void renewsWhileClientsKeepRequesting(Proof proof, @TempDir Path folder) throws Exception {
        try (TestCa ca = TestCa.start()) {
            check(Authority.of(ca), proof, folder);
        }
    }

    /** Obtains a certificate from the CA, and renews it while clients keep requesting. */
    final void check(Authority authority, Proof proof, Path folder) throws Exception {
        Scene scene = new Scene(authority, proof, folder);
        X509Certificate root = authority.issuerRoot();
        try (Running server = start(scene);
                Visitor old = new Visitor(root, server.tlsPort())) {
            authority.told().accept(server);
            server.manager().start();
            StoredCertificate first = scene.awaitCertificate();
            awaitTrusted(root, server.tlsPort());
            assertThat(old.visit()).isEqualTo(leaf(first));

            try (Traffic traffic = new Traffic(root, server.tlsPort())) {
                assertThat(traffic.awaitChange()).isEqualTo(leaf(first));
                server.manager().reissue(Objects.requireNonNull(first.renewal()).spec());
                StoredCertificate second = scene.awaitCertificate();

                assertThat(leaf(second).getSerialNumber())
                        .isNotEqualTo(leaf(first).getSerialNumber());
                assertThat(traffic.awaitChange()).isEqualTo(leaf(second));
                assertThat(old.visit()).isEqualTo(leaf(first));
                assertThat(old.connections()).isOne();
                assertThat(traffic.end()).isGreaterThan(2);
            }
        }
    }

    /** Waits until the first certificate is served in the place of the temporary one. */
    private static void awaitTrusted(X509Certificate root, int port) throws IOException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            try (Visitor visitor = new Visitor(root, port)) {
                visitor.visit();
                return;
            } catch (SSLException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
            }
        }
    }

    private static X509Certificate leaf(StoredCertificate stored) {
        return Objects.requireNonNull(stored.chain()).leaf();
    }
}
