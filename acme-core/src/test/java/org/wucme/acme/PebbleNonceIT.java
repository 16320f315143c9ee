package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** However many good nonces a CA refuses, certificates are issued (RFC 8555 section 6.5). */
@RequiresPebble
@Timeout(150)
class PebbleNonceIT {

    private static final int ISSUANCES = 100;
    private static final int THREADS = 16;
    private static final Duration DEADLINE = Duration.ofSeconds(25);

    @ParameterizedTest(name = "{0} % of nonces refused")
    @CsvSource({"5, 100", "20, 100", "50, 100", "90, 95"})
    void certificatesAreIssued(int percent, int atLeast) throws Exception {
        String what = "badNonce at " + percent + " %";
        try (Pebble pebble = Pebble.start(Pebble.options().nonceReject(percent));
                Http01Server server = Http01Server.start(pebble.httpPort())) {
            Outcome outcome = PebbleWatch.watch(pebble, what, DEADLINE, () -> issue(pebble, server));

            System.out.printf(
                    "%s: %d of %d issued, %d requests, %.2f s%n",
                    what, outcome.issued, ISSUANCES, pebble.requests().size(), outcome.wall.toMillis() / 1e3);
            assertThat(outcome.issued).isGreaterThanOrEqualTo(atLeast);
            assertThat(server.answers()).isEmpty();
        }
    }

    private record Outcome(int issued, Duration wall) {}

    private static Outcome issue(Pebble pebble, Http01Server server) throws Exception {
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (AcmeClient client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build()) {
            Account account = TestClients.register(client);
            List<Future<Boolean>> all = new ArrayList<>();
            for (String name : RoundTripsTest.names(ISSUANCES)) {
                all.add(threads.submit(() -> isIssued(account, name, server)));
            }
            int issued = 0;
            for (Future<Boolean> one : all) {
                issued += one.get() ? 1 : 0;
            }
            return new Outcome(issued, Duration.ofNanos(System.nanoTime() - start));
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean isIssued(Account account, String name, Http01Server server) {
        try {
            return !account.obtain(CertificateRequest.of(name), server)
                    .chain()
                    .certificates()
                    .isEmpty();
        } catch (IOException e) {
            System.out.println(name + ": " + e.getMessage());
            return false;
        }
    }
}
