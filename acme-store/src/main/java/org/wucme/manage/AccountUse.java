package org.wucme.manage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeException;
import org.wucme.acme.Advice;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;

/**
 * That the accounts of a store are in use, for all who may change their keys: an order, whose answers to challenges are made with
 * the account's key, and a change of that key exclude each other, and orders do not. A lease has one holder: so each process
 * that uses an account holds one of its {@value LeaseNames#ACCOUNT_USES} leases of use, which all of its threads share, and a
 * change of the key needs all of them. Thread-safe.
 */
final class AccountUse {

    private static final Logger LOG = LoggerFactory.getLogger(AccountUse.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SHORT = Duration.ofMillis(20);

    /** Only some are tried at a time, so that a process that needs all of them gets what becomes free. */
    private static final int CANDIDATES = 8;

    /** A lease that is older is shared with no new order, so that a process that orders without a pause lets others have it. */
    private static final Duration SHARED_FOR = Duration.ofSeconds(10);

    private final CertificateStore store;
    private final Map<String, Shared> current = new HashMap<>();

    /** A lease, and how many orders of this process share it. */
    private static final class Shared {
        private final Lease lease;
        private final long since = System.nanoTime();
        private int users;

        Shared(Lease lease) {
            this.lease = lease;
        }

        boolean isOpen() {
            return users > 0 && System.nanoTime() - since < SHARED_FOR.toNanos() && lease.isHeld();
        }
    }

    /** That an account is in use until this is closed. */
    interface Use extends AutoCloseable {
        @Override
        void close();
    }

    AccountUse(CertificateStore store) {
        this.store = store;
    }

    /**
     * Waits while another thread or process changes the key of an account. The account is to be read from the store after that.
     *
     * @throws AcmeException if that takes minutes
     */
    Use begin(String directoryUrl) throws IOException {
        Shared shared = join(directoryUrl);
        Shared used = shared == null ? added(directoryUrl, claim(directoryUrl)) : shared;
        return () -> end(directoryUrl, used);
    }

    private synchronized @Nullable Shared join(String directoryUrl) {
        Shared shared = current.get(directoryUrl);
        if (shared == null || !shared.isOpen()) {
            return null;
        }
        shared.users++;
        return shared;
    }

    private synchronized Shared added(String directoryUrl, Lease lease) {
        Shared shared = new Shared(lease);
        shared.users = 1;
        current.put(directoryUrl, shared);
        return shared;
    }

    private void end(String directoryUrl, Shared shared) {
        if (isLast(directoryUrl, shared)) {
            shared.lease.close();
        }
    }

    private synchronized boolean isLast(String directoryUrl, Shared shared) {
        boolean isLast = --shared.users == 0;
        if (isLast) {
            current.remove(directoryUrl, shared);
        }
        return isLast;
    }

    private Lease claim(String directoryUrl) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean isLogged = false;
        while (System.nanoTime() - end < 0) {
            int first = ThreadLocalRandom.current().nextInt(LeaseNames.ACCOUNT_USES);
            for (int i = 0; i < CANDIDATES; i++) {
                String name = LeaseNames.accountUse(directoryUrl, (first + i) % LeaseNames.ACCOUNT_USES);
                Optional<Lease> lease = store.lease(name, i == 0 ? Duration.ZERO : SHORT);
                if (lease.isPresent()) {
                    return lease.get();
                }
            }
            if (!isLogged) {
                isLogged = true;
                LOG.info("waiting until another process has changed the key of the account at {}", directoryUrl);
            }
        }
        throw new AcmeException(
                "another process has been changing the key of the account at " + directoryUrl + " for "
                        + PATIENCE.toMinutes() + " minutes: look whether it hangs",
                null,
                Advice.RETRY);
    }

    /**
     * Waits until no order uses an account, and keeps new ones waiting.
     *
     * @return the leases, to be closed when the key is changed; empty if orders went on all the while
     */
    static Optional<List<Lease>> exclude(CertificateStore store, String directoryUrl, Duration patience)
            throws IOException {
        List<Lease> held = new ArrayList<>();
        List<Integer> missing = new ArrayList<>(
                IntStream.range(0, LeaseNames.ACCOUNT_USES).boxed().toList());
        long end = System.nanoTime() + patience.toNanos();
        try {
            claimAll(store, directoryUrl, missing, held);
            while (!missing.isEmpty() && System.nanoTime() - end < 0) {
                sleep();
                claimAll(store, directoryUrl, missing, held);
            }
        } finally {
            if (!missing.isEmpty()) {
                held.forEach(Lease::close);
            }
        }
        return missing.isEmpty() ? Optional.of(held) : Optional.empty();
    }

    private static void claimAll(CertificateStore store, String directoryUrl, List<Integer> missing, List<Lease> held)
            throws IOException {
        for (Integer number : List.copyOf(missing)) {
            Optional<Lease> lease = store.lease(LeaseNames.accountUse(directoryUrl, number), Duration.ZERO);
            if (lease.isPresent()) {
                held.add(lease.get());
                missing.remove(number);
            }
        }
    }

    private static void sleep() throws InterruptedIOException {
        try {
            Thread.sleep(SHORT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for orders to end");
        }
    }
}
