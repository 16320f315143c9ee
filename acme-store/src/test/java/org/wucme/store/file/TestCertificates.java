package org.wucme.store.file;

import java.security.KeyPair;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.pki.CertificateChain;

/** Certificates to store: leaf and issuer, each with a key of its own. */
final class TestCertificates {

    static final String DIRECTORY = "https://ca.example/directory";
    static final String OTHER_DIRECTORY = "https://other-ca.example/directory";
    static final String NAME = "WWW_EXAMPLE_ORG";

    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("test root")
            .certificateAuthority(0)
            .build();

    /** A few, made once, since keys take time. */
    static final List<Issued> POOL = List.of(
            issue("www.example.org"), issue("www.example.org"), issue("www.example.org"), issue("www.example.org"));

    private TestCertificates() {}

    record Issued(CertificateChain chain, KeyPair keyPair) {
        boolean isIn(Contents contents) {
            return chain.equals(contents.chain());
        }
    }

    static Issued issue(String... names) {
        HeldCertificate.Builder leaf = new HeldCertificate.Builder().signedBy(ROOT);
        for (String name : names) {
            leaf.addSubjectAlternativeName(name);
        }
        HeldCertificate held = leaf.build();
        return new Issued(new CertificateChain(List.of(held.certificate(), ROOT.certificate())), held.keyPair());
    }
}
