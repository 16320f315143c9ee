package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** Many names, and many certificates at once, against a CA that we did not write; requests counted. */
@RequiresPebble
@Timeout(150)
class PebbleLoadIT {

    private static final int MAX_IN_FLIGHT = 16;
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    @Test
    void aHundredNamesInOneCertificate() throws Exception {
        int names = 100;
        CertificateRequest request =
                CertificateRequest.of(RoundTripsTest.names(names).toArray(String[]::new));

        measure(
                "100 names in one certificate",
                // DESIGN.md section 4, with registration
                2 * names + 7 + MAX_IN_FLIGHT,
                1,
                (account, server) -> account.obtain(request, server));
    }

    @Test
    void fiftyCertificatesFromSixteenThreads() throws Exception {
        int certificates = 50;

        measure(
                "50 certificates from 16 threads",
                // seven for each; directory, account, and a nonce for each request that runs at once
                7 * certificates + 2 + MAX_IN_FLIGHT,
                certificates,
                (account, server) -> obtainMany(account, server, certificates));
    }

    private interface Work {
        void run(Account account, Http01Server server) throws Exception;
    }

    private static void obtainMany(Account account, Http01Server server, int certificates) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            CompletionService<IssuedCertificate> issued = new ExecutorCompletionService<>(threads);
            for (String name : RoundTripsTest.names(certificates)) {
                issued.submit(() -> account.obtain(CertificateRequest.of(name), server));
            }
            List<String> orders = new ArrayList<>();
            for (int i = 0; i < certificates; i++) {
                orders.add(issued.take().get().orderUrl());
            }
            assertThat(orders).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Does the work on a fresh account, and counts and times it; again when Pebble got stuck, which 2.10 does rarely. */
    private static void measure(String what, long bound, int orders, Work work) throws Exception {
        try (Pebble pebble = Pebble.start(Pebble.options().nonceReject(0));
                Http01Server server = Http01Server.start(pebble.httpPort())) {
            Duration wall = PebbleWatch.watch(pebble, what, DEADLINE, () -> registerAndWork(pebble, server, work));
            report(what, bound, orders, pebble.requests(), wall);
        }
    }

    private static Duration registerAndWork(Pebble pebble, Http01Server server, Work work) throws Exception {
        long start = System.nanoTime();
        try (AcmeClient client = AcmeClient.builder(new Ca("pebble", pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .maxInFlight(MAX_IN_FLIGHT)
                .build()) {
            work.run(TestClients.register(client), server);
            assertThat(server.answers()).isEmpty();
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static void report(String what, long bound, int orders, List<String> requests, Duration wall)
            throws IOException {
        long looks = requests.stream()
                .filter(request -> request.startsWith("POST /my-order/"))
                .count();
        long furtherLooks = looks - 2L * orders;
        System.out.printf(
                "%s: %d requests (%d of them further looks at orders; bound %d without), %.2f s%n",
                what, requests.size(), furtherLooks, bound, wall.toMillis() / 1e3);
        assertThat((long) requests.size()).isLessThanOrEqualTo(bound + Math.max(0, furtherLooks));
    }
}
