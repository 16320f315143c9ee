package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

/** Orders and a change of the account's key exclude each other; orders do not. */
class AccountUseTest {

    private static final String URL = "https://ca.example/directory";

    @TempDir
    Path folder;

    private Scene scene;
    private FileStore store;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void begin() throws IOException {
        scene = new Scene(folder);
        store = scene.store;
    }

    @AfterEach
    void end() throws Exception {
        threads.shutdownNow();
        scene.close();
    }

    private static void closeAll(List<Lease> leases) {
        leases.forEach(Lease::close);
    }

    @Test
    void usesOfManyThreadsAndManagersGoOnTogether() throws Exception {
        AccountUse one = new AccountUse(store);
        AccountUse other = new AccountUse(FileStore.open(folder));
        List<AccountUse.Use> uses = new ArrayList<>();
        for (int i = 0; i < 3 * LeaseNames.ACCOUNT_USES; i++) {
            uses.add((i % 2 == 0 ? one : other).begin(URL));
        }
        assertThat(AccountUse.exclude(store, URL, Duration.ZERO)).isEmpty();

        uses.forEach(AccountUse.Use::close);

        closeAll(AccountUse.exclude(store, URL, Duration.ZERO).orElseThrow());
        one.begin(URL).close();
    }

    @Test
    void aUseWaitsForAChangeAndAChangeForAUse() throws Exception {
        AccountUse users = new AccountUse(store);
        List<Lease> change = AccountUse.exclude(store, URL, Duration.ZERO).orElseThrow();
        Future<AccountUse.Use> waiting = threads.submit(() -> users.begin(URL));
        users.begin("https://other.example/").close();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(waiting.isDone()).isFalse();
        closeAll(change);
        AccountUse.Use use = waiting.get(20, TimeUnit.SECONDS);

        Future<Optional<List<Lease>>> changing =
                threads.submit(() -> AccountUse.exclude(store, URL, Duration.ofSeconds(30)));
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(changing.isDone()).isFalse();
        use.close();
        closeAll(changing.get(20, TimeUnit.SECONDS).orElseThrow());
    }

    @Test
    void aChangeThatGivesUpLeavesAllToOrders() throws Exception {
        AccountUse users = new AccountUse(store);
        try (AccountUse.Use use = users.begin(URL)) {
            assertThat(use).isNotNull();
            assertThat(AccountUse.exclude(store, URL, Duration.ofMillis(50))).isEmpty();
        }
        closeAll(AccountUse.exclude(store, URL, Duration.ZERO).orElseThrow());
    }

    @Test
    void anInterruptEndsTheWaitingForOrders() throws Exception {
        try (AccountUse.Use use = new AccountUse(store).begin(URL)) {
            assertThat(use).isNotNull();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> AccountUse.exclude(store, URL, Duration.ofMinutes(1)))
                    .isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void keysThatChangeWhileManyCertificatesAreOrderedFailNoOrder() throws Exception {
        scene.register();
        AtomicBoolean isEnough = new AtomicBoolean();
        Queue<Integer> changes = new ConcurrentLinkedQueue<>();
        Future<?> changing = threads.submit((Callable<Void>) () -> {
            try (AcmeClient client = scene.connect(Ca.of(scene.ca.directoryUrl()))) {
                while (!isEnough.get()) {
                    new AccountKeyChange(FileStore.open(folder), client).run(KeyType.EC_P256::generate);
                    changes.add(1);
                }
            }
            return null;
        });

        List<Future<?>> orders = new ArrayList<>();
        List<CertificateManager> managers = List.of(scene.manager(store), scene.manager(FileStore.open(folder)));
        for (int thread = 0; thread < 6; thread++) {
            int first = thread * 100;
            CertificateManager manager = managers.get(thread % 2);
            orders.add(threads.submit((Callable<Void>) () -> {
                for (int i = 0; i < 6; i++) {
                    manager.issue(scene.wanted("h" + (first + i) + ".test").build());
                }
                return null;
            }));
        }
        for (Future<?> order : orders) {
            order.get(50, TimeUnit.SECONDS);
        }
        isEnough.set(true);
        changing.get(20, TimeUnit.SECONDS);

        assertThat(changes).hasSizeGreaterThan(1);
        assertThat(scene.ca.accounts()).hasSize(1);
        assertThat(store.list()).hasSize(36).allMatch(stored -> stored.chain() != null);
    }
}
