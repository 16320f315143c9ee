package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.manage.CertificateManager;
import org.wucme.store.CertificateSpec;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;

class BootServerTest {

    @ParameterizedTest
    @EnumSource(names = {"EC_P256", "RSA_2048", "ED25519"})
    void theBundleHasTheCertificateWhateverTheTypeOfItsKey(KeyType type, @TempDir Path folder) throws Exception {
        KeyPair key = type.generate();
        HeldCertificate root =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate leaf = new HeldCertificate.Builder()
                .keyPair(key)
                .signedBy(root)
                .addSubjectAlternativeName(Scene.NAME)
                .build();
        FileStore store = FileStore.open(folder);
        List<Identifier> names = List.of(Identifier.dns(Scene.NAME));
        try (Lease lease = store.lease(LeaseNames.certificate(store.nameOf(names.get(0))), Duration.ofSeconds(10))
                .orElseThrow()) {
            store.save(
                    lease,
                    store.nameOf(names.get(0)),
                    new CertificateChain(List.of(leaf.certificate(), root.certificate())),
                    key,
                    RenewalRecord.of(CertificateSpec.builder(names).build()),
                    null);
        }

        try (CertificateManager manager = CertificateManager.builder(store)
                .solvers(new Http01Responder())
                .manage(Scene.NAME)
                .build()) {
            KeyStore bundle = Objects.requireNonNull(
                    BootServer.current(manager).getStores().getKeyStore());

            assertThat(bundle.getCertificate("server")).isEqualTo(leaf.certificate());
            assertThat(bundle.getKey("server", new char[0])).isEqualTo(key.getPrivate());
        }
    }
}
