package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Order;
import org.wucme.acme.OrderStatus;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ChildJvm;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/**
 * The whole life of a certificate: issued, served, renewed again and again while clients connect and the server is killed at
 * any moment. The system property {@code wucme.life.seconds} makes it longer.
 */
@RequiresPebble
class CertificateLifeIT {

    private static final Duration LIFE = Duration.ofSeconds(Integer.getInteger("wucme.life.seconds", 25));
    private static final Duration LIFETIME = Duration.ofSeconds(20);
    // Half of the windows that Pebble suggests are in the past. Such a suggestion is followed once, the next time only
    // when a third of the lifetime is over (less the parts of a second that certificates do not have).
    private static final Duration EARLY = Duration.ofSeconds(5);
    private static final Duration NEEDED_TO_RENEW = Duration.ofSeconds(9);
    private static final int FEWEST_CERTIFICATES = 3;
    private static final Duration LONGEST_TO_KILL = Duration.ofSeconds(4);
    private static final Duration LONGEST_TO_KILL_ORDER = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private int kills;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aCertificateIsRenewedAndServedWithoutAFailedHandshakeHoweverOftenItsServerIsKilled() throws Exception {
        System.out.println("the certificate's life has seed " + seed);
        Path store = folder.resolve("store");
        try (Pebble pebble = Pebble.start(Pebble.options().profiles(Map.of("default", LIFETIME)))) {
            Path root = folder.resolve("root.pem");
            Files.writeString(root, Pem.encode(List.of(pebble.tlsRoot())));
            ChildJvm jvm =
                    ChildJvm.prepare(folder, ManagedServer.class, arguments(folder.resolve("training"), pebble, root));
            try (ServerProcess server = new ServerProcess(jvm, arguments(store, pebble, root))) {
                Visitors visitors = live(server, new StoreAudit(store), pebble);
                server.close();
                StoreAudit audit = new StoreAudit(store);
                List<StoreAudit.Issued> orders = audit.ordersAt(pebble);
                System.out.println(figures(server, visitors, audit, orders));
                assertThat(visitors.failures()).isEmpty();
                requireAllIsThere(server, visitors, audit, orders);
            }
        }
    }

    private static String[] arguments(Path store, Pebble pebble, Path root) {
        return new String[] {
            store.toString(), Integer.toString(pebble.tlsPort()), pebble.directoryUrl(), root.toString()
        };
    }

    /** Lets the server be visited and killed for a while; in the end it is up, and serves what is stored. */
    private Visitors live(ServerProcess server, StoreAudit store, Pebble pebble) throws Exception {
        long end = System.nanoTime() + LIFE.toNanos();
        server.start();
        server.awaitNext(ManagedServer.ORDER, PATIENCE);
        killAndStart(server);
        try (Visitors visitors = new Visitors(server, pebble.tlsPort(), pebble.issuerRoot())) {
            awaitThat(() -> servesWhatIsStored(visitors, store));
            visitors.start();
            while (System.nanoTime() < end || store.all().size() < FEWEST_CERTIFICATES) {
                boolean isInOrder = random.nextBoolean() && server.awaitNext(ManagedServer.ORDER, LONGEST_TO_KILL);
                park(isInOrder ? LONGEST_TO_KILL_ORDER : LONGEST_TO_KILL);
                awaitThat(() -> isTimeLeft(store));
                killAndStart(server);
            }
            awaitThat(() -> servesWhatIsStored(visitors, store));
            return visitors;
        }
    }

    private static boolean servesWhatIsStored(Visitors visitors, StoreAudit store)
            throws IOException, GeneralSecurityException {
        try {
            return Optional.of(visitors.visit()).equals(store.current());
        } catch (SSLException temporaryCertificate) {
            return false;
        }
    }

    private static void awaitThat(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private void park(Duration longest) {
        LockSupport.parkNanos(random.nextLong(longest.toNanos()));
    }

    // Who is killed in each renewal until the certificate expires cannot renew it.
    private static boolean isTimeLeft(StoreAudit store) throws IOException {
        Instant end = store.current().orElseThrow().getNotAfter().toInstant();
        return Instant.now().plus(NEEDED_TO_RENEW).isBefore(end);
    }

    private void killAndStart(ServerProcess server) throws IOException, InterruptedException {
        server.close();
        kills++;
        server.start();
    }

    private void requireAllIsThere(
            ServerProcess server, Visitors visitors, StoreAudit audit, List<StoreAudit.Issued> orders)
            throws IOException {
        List<X509Certificate> all = audit.all();
        List<BigInteger> serials =
                all.stream().map(X509Certificate::getSerialNumber).toList();
        assertThat(serials).containsAll(server.stored());
        assertThat(all).containsAll(visitors.seen());
        assertThat(audit.current()).contains(all.get(all.size() - 1));
        assertThat(orders).hasSizeLessThanOrEqualTo(all.size() + kills);
        requireNothingLost(orders, all, server.orders(), audit.pendingOrder());
        requireRenewedInTime(all);
        // The key is stored before the order is.
        boolean isOrderPending = orders.stream().anyMatch(issued -> isUnfinished(issued.order()));
        audit.requireTidy(audit.pendingOrder().isPresent() || isOrderPending);
    }

    private static boolean isUnfinished(Order order) {
        return order.status() != OrderStatus.VALID && order.status() != OrderStatus.INVALID;
    }

    /** What was issued is stored or will be, and what the server knew to be ordered was not ordered again. */
    private static void requireNothingLost(
            List<StoreAudit.Issued> orders, List<X509Certificate> all, List<String> known, Optional<String> pending) {
        for (StoreAudit.Issued issued : orders) {
            Order order = issued.order();
            if (order.status() == OrderStatus.VALID
                    && !all.containsAll(issued.certificate().stream().toList())) {
                assertThat(pending)
                        .as("a certificate was issued and not stored")
                        .contains(order.url());
            }
            if (isUnfinished(order) && known.contains(order.url())) {
                assertThat(pending).as("an order was begun and forgotten").contains(order.url());
            }
        }
    }

    private static void requireRenewedInTime(List<X509Certificate> all) {
        assertThat(all).hasSizeGreaterThanOrEqualTo(FEWEST_CERTIFICATES);
        boolean wasEarly = false;
        for (int i = 1; i < all.size(); i++) {
            Duration age = Duration.between(begin(all.get(i - 1)), begin(all.get(i)));
            boolean isEarly = age.compareTo(EARLY) < 0;
            assertThat(age).isBetween(Duration.ZERO, LIFETIME);
            assertThat(wasEarly && isEarly)
                    .as("renewed early twice in a row, %s after the last", age)
                    .isFalse();
            wasEarly = isEarly;
        }
    }

    private static Instant begin(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant();
    }

    private String figures(ServerProcess server, Visitors visitors, StoreAudit audit, List<StoreAudit.Issued> orders)
            throws IOException {
        Map<OrderStatus, Long> byStatus = orders.stream()
                .collect(Collectors.groupingBy(issued -> issued.order().status(), Collectors.counting()));
        return "%d connections, %d more cut or refused by %d kills, %d failed; %d certificates stored, %d served; orders %s; %s"
                .formatted(
                        visitors.visits(),
                        visitors.cut(),
                        kills,
                        visitors.failures().size(),
                        audit.all().size(),
                        visitors.seen().size(),
                        byStatus,
                        server.failures());
    }
}
