package org.wucme.tls;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateStore;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;

/** Certificates to serve, told apart by their serial numbers. Keys are made once, since they take time. */
final class TestCertificates {

    static final KeyPair EC = KeyType.EC_P256.generate();
    static final KeyPair RSA = KeyType.RSA_2048.generate();
    static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("test root")
            .certificateAuthority(0)
            .build();

    private TestCertificates() {}

    /** A certificate and its key. */
    record Issued(CertificateChain chain, KeyPair keyPair) {

        StoredCertificate storedAs(String name) {
            return new StoredCertificate(name, "memory:" + name, chain, keyPair, null, null);
        }

        /** Stores it; returns the name that the store gave it. */
        String saveIn(CertificateStore store) throws IOException {
            List<Identifier> identifiers = List.copyOf(chain.identifiers());
            String name = store.nameOf(identifiers.get(0));
            RenewalRecord renewal = RecordBuilder.of(identifiers, "https://ca.example/directory")
                    .build();
            TestWrites.save(store, name, chain, keyPair, renewal);
            return name;
        }
    }

    static Issued issue(long serial, String... names) {
        return issue(EC, ROOT, serial, Instant.now().plus(Duration.ofDays(90)), names);
    }

    static Issued issueRsa(long serial, String... names) {
        return issue(RSA, ROOT, serial, Instant.now().plus(Duration.ofDays(90)), names);
    }

    static Issued issue(KeyPair key, HeldCertificate issuer, long serial, Instant end, String... names) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder()
                .keyPair(key)
                .signedBy(issuer)
                .serialNumber(serial)
                .validityInterval(end.minus(Duration.ofDays(90)).toEpochMilli(), end.toEpochMilli());
        for (String name : names) {
            builder.addSubjectAlternativeName(name);
        }
        return new Issued(new CertificateChain(List.of(builder.build().certificate(), issuer.certificate())), key);
    }
}
