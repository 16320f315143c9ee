package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.Order;
import org.wucme.acme.OrderStatus;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.testing.Pebble;

/** What the store of a {@link ManagedServer} holds, and what its CA has issued for it. */
final class StoreAudit {

    private static final String BACKUP = "WUCME_C_LIFE_EXAMPLE_ORG\\.PEM_\\d{16}";
    private static final String NEXT_KEY = "WUCME_K_LIFE_EXAMPLE_ORG.PEM_NEXT";
    private static final String REGULAR = "WUCME_(C_LIFE_EXAMPLE_ORG\\.PEM|[KR]_(LIFE_EXAMPLE_ORG|ACCOUNT)\\.(PEM|JSON)"
            + "|D_ACCOUNT\\$[0-9A-F]+\\.JSON|U_[0-9A-F]+\\.JSON|ALARMS\\.JSON)";
    // Of a process that is killed while it validates; it expires, and is removed by a later one.
    private static final String ANSWER = "WUCME_B_[0-9A-F]+\\.JSON";
    // Of a save that is cut short between certificate and key, the next start keeps the old key once more.
    private static final String KEY_BACKUP = "WUCME_K_LIFE_EXAMPLE_ORG\\.PEM_\\d{16}";
    private static final String LOCK = "WUCME_(LOCK\\.(LCK|SEQ)|ACTIVE\\.(LCK|JSON))";

    private final FileStore store;
    private final String name;

    /** An order at the CA, and the certificate that came of it, if one did. */
    record Issued(Order order, Optional<X509Certificate> certificate) {}

    StoreAudit(Path folder) throws IOException {
        store = FileStore.open(folder);
        name = store.nameOf(Identifier.dns(ManagedServer.NAME));
    }

    /** The certificate in place; empty if there is none yet. */
    Optional<X509Certificate> current() throws IOException {
        return store.load(name).map(StoredCertificate::chain).map(CertificateChain::leaf);
    }

    /** The order that the next start would go on with. */
    Optional<String> pendingOrder() throws IOException {
        StoredCertificate stored = store.load(name).orElseThrow();
        return Optional.ofNullable(
                Objects.requireNonNull(stored.renewal()).attempts().pendingOrder());
    }

    /** All certificates that were ever in place, the oldest first, each checked to be there together with its key. */
    List<X509Certificate> all() throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        for (String file : files()) {
            if (file.matches(BACKUP)) {
                String pem = Files.readString(store.path().resolve(file));
                X509Certificate leaf = Pem.certificates(pem).get(0);
                assertThat(KeyPairs.read(pem).getPublic()).isEqualTo(leaf.getPublicKey());
                all.add(leaf);
            }
        }
        all.add(current().orElseThrow());
        // One whose replacement was cut short is kept twice.
        return all.stream()
                .distinct()
                .sorted(Comparator.comparing(X509Certificate::getNotBefore))
                .toList();
    }

    /**
     * Fails if anything cannot be read, or lies there that should not.
     *
     * @param isOrderPending whether there is an order at the CA that the key of a certificate to come may be for
     */
    void requireTidy(boolean isOrderPending) throws IOException {
        StoredCertificate stored = store.load(name).orElseThrow();
        assertThat(stored.problem()).isNull();
        assertThat(store.list()).hasSize(1);
        assertThat(files())
                .allMatch(file -> file.matches(BACKUP)
                        || file.matches(KEY_BACKUP)
                        || file.matches(REGULAR)
                        || file.matches(LOCK)
                        || file.matches(ANSWER)
                        || (file.equals(NEXT_KEY) && isOrderPending));
    }

    /** All orders that were ever made for this store, the first one first. */
    List<Issued> ordersAt(Pebble pebble) throws IOException {
        StoredAccount stored = store.loadAccount(pebble.directoryUrl()).orElseThrow();
        try (AcmeClient client = AcmeClient.builder(Ca.of(pebble.directoryUrl()))
                .trustedRoots(List.of(pebble.tlsRoot()))
                .build()) {
            Account account = client.account(Objects.requireNonNull(stored.accountUrl()), stored.keyPair());
            List<Issued> all = new ArrayList<>();
            for (String url : account.fetchOrderUrls().orElseThrow()) {
                Order order = account.fetchOrder(url);
                boolean isIssued = order.status() == OrderStatus.VALID;
                all.add(new Issued(
                        order,
                        isIssued
                                ? Optional.of(account.downloadCertificate(order).leaf())
                                : Optional.empty()));
            }
            return all;
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(store.path())) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
