package org.wucme.challenges.tlsalpn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.wucme.acme.AcmeException;
import org.wucme.acme.Deadline;
import org.wucme.acme.Identifier;
import org.wucme.acme.Sleeper;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.Proof;

class TlsAlpn01ResponderTest {

    private final TlsAlpn01Responder responder = new TlsAlpn01Responder();
    private final Proof proof = Proof.of("www.example.org");

    private Presented present(Proof proof) {
        return responder.present(proof.tlsAlpn01(), proof.identifier(), proof.account());
    }

    private X509Certificate served(String serverName) {
        String alias = Objects.requireNonNull(responder.aliasFor(serverName));
        return Objects.requireNonNull(responder.certificate(alias)).certificate();
    }

    /** A clock that only moves when someone sleeps, and does something else meanwhile. */
    private static Deadline deadline(Duration duration, Runnable meanwhile) {
        AtomicLong nanos = new AtomicLong();
        return Deadline.after(duration, new Sleeper() {
            @Override
            public void sleep(Duration time) {
                nanos.addAndGet(time.toNanos());
                meanwhile.run();
            }

            @Override
            public long nanoTime() {
                return nanos.get();
            }
        });
    }

    private static void close(Presented presented) {
        try {
            presented.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void servesANameInAnyCaseUntilClosed() throws Exception {
        Presented presented = present(proof);
        ChallengeCertificateTest.assertAnswers(served("WWW.Example.org"), proof);
        presented.close();
        presented.close();
        assertThat(responder.aliasFor("www.example.org")).isNull();
    }

    @Test
    void whoHoldsAnAliasOfSomethingWithdrawnGetsNothing() throws IOException {
        Presented presented = present(proof);
        String alias = Objects.requireNonNull(responder.aliasFor("www.example.org"));
        presented.close();
        present(Proof.of("www.example.org"));
        assertThat(responder.certificate(alias)).isNull();
    }

    @Test
    void twoOrdersForOneNameTakeTurns() throws Exception {
        Proof later = Proof.of("www.example.org");
        Presented first = present(proof);
        Presented second = present(later);
        first.awaitVisible(deadline(Duration.ZERO, () -> {}));
        ChallengeCertificateTest.assertAnswers(served("www.example.org"), proof);
        second.awaitVisible(deadline(Duration.ofMinutes(1), () -> close(first)));
        ChallengeCertificateTest.assertAnswers(served("www.example.org"), later);
    }

    @Test
    void whoDoesNotGetATurnInTimeIsToldWhy() {
        present(proof);
        Presented second = present(Proof.of("www.example.org"));
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> second.awaitVisible(deadline(Duration.ofMinutes(1), () -> {})))
                .withMessageContaining("another order proves www.example.org");
    }

    @Test
    void whoWaitsForATurnCanBeInterrupted() {
        present(proof);
        Presented second = present(Proof.of("www.example.org"));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> second.awaitVisible(Deadline.after(Duration.ofMinutes(1))));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void ordersThatShareAnAuthorizationNeedNoTurns() throws Exception {
        Presented first = present(proof);
        Presented second = present(proof);
        second.awaitVisible(deadline(Duration.ZERO, () -> {}));
        first.close();
        ChallengeCertificateTest.assertAnswers(served("www.example.org"), proof);
        second.close();
        assertThat(responder.aliasFor("www.example.org")).isNull();
    }

    @Test
    void solvesTlsAlpn01ForAllButWildcards() {
        Identifier wildcard = Identifier.dns("*.example.org");
        assertThat(responder.canSolve(proof.tlsAlpn01(), proof.identifier())).isTrue();
        assertThat(responder.canSolve(proof.tlsAlpn01(), Identifier.ip("2001:db8::1")))
                .isTrue();
        assertThat(responder.canSolve(proof.tlsAlpn01(), wildcard)).isFalse();
        assertThat(responder.canSolve(proof.http01(), proof.identifier())).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> responder.present(proof.http01(), proof.identifier(), proof.account()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> responder.present(proof.tlsAlpn01(), wildcard, proof.account()));
    }

    @Test
    void manyOrdersThatComeAndGoEachGetTheirTurn() throws Exception {
        Concurrently.run(300, 8, number -> {
            String name = "n" + number % 3 + ".example";
            Proof mine = Proof.of(name);
            try (Presented presented = present(mine)) {
                presented.awaitVisible(Deadline.after(Duration.ofSeconds(50), time -> Thread.sleep(1)));
                ChallengeCertificateTest.assertAnswers(served(name), mine);
            }
        });
        assertThat(responder.aliasFor("n0.example")).isNull();
    }
}
