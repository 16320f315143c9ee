package org.wucme.cli.imports;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainAssembly;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;
import org.wucme.cli.imports.ForeignCertificate.RenewalTerms;

/** Keys and certificates from files of other clients, checked. What is wrong with one is said without a word of what is in it. */
final class ForeignKeys {

    private final SourceFolder folder;

    ForeignKeys(SourceFolder folder) {
        this.folder = folder;
    }

    /** The key in a PEM file. */
    KeyPair pem(String path) throws IOException {
        try {
            return KeyPairs.read(folder.text(path));
        } catch (PemException e) {
            throw new FileSystemException(path, null, e.getMessage());
        }
    }

    /** The key in a file in JWK form (RFC 7517). */
    KeyPair jwk(String path) throws IOException {
        try {
            if (JWK.parse(folder.text(path)) instanceof AsymmetricJWK key) {
                KeyPair pair = key.toKeyPair();
                if (pair.getPrivate() != null) {
                    return pair;
                }
            }
        } catch (ParseException | JOSEException | RuntimeException e) {
            // Not as the cause: its words may quote the key.
            throw new FileSystemException(path, null, "this is no private key in JWK form, or of an unknown kind");
        }
        throw new FileSystemException(path, null, "there is no private key in it");
    }

    /** The certificates in a PEM file. */
    List<X509Certificate> certificates(String path) throws IOException {
        List<X509Certificate> certificates;
        try {
            certificates = Pem.certificates(folder.text(path));
        } catch (PemException e) {
            throw new FileSystemException(path, null, e.getMessage());
        }
        if (certificates.isEmpty()) {
            throw new FileSystemException(path, null, "there is no certificate in it");
        }
        return certificates;
    }

    /**
     * A certificate as a whole.
     *
     * @param where what to call it
     * @param knownBy the name that its client knows it by; comes first if it is one of the certificate's
     */
    static ForeignCertificate certificate(
            String where, String knownBy, List<X509Certificate> certificates, KeyPair keyPair, RenewalTerms terms)
            throws IOException {
        List<X509Certificate> ofKey = ChainAssembly.ofKey(keyPair.getPublic(), certificates);
        if (ofKey.isEmpty()) {
            throw new IOException("the private key does not belong to the certificate");
        }
        ChainAssembly assembly = ChainAssembly.above(ofKey.get(0), certificates);
        CertificateChain chain = assembly.chain();
        if (assembly.impostor().isPresent()) {
            throw new IOException("the chain is broken: the issuer of "
                    + chain.topmost().getSubjectX500Principal() + " is missing, and in its place is a certificate of"
                    + " the same name that did not sign it");
        }
        String remark = assembly.remark().orElse(null);
        return new ForeignCertificate(where, identifiers(chain, knownBy), chain, keyPair, terms, remark);
    }

    private static List<Identifier> identifiers(CertificateChain chain, String knownBy) throws IOException {
        List<Identifier> identifiers = new ArrayList<>();
        for (Identifier identifier : chain.identifiers()) {
            // In the form in which it can be ordered again, and never anything that is no name.
            identifiers.add(Identifier.of(identifier.value()));
        }
        if (identifiers.isEmpty()) {
            throw new IOException("the certificate is for no name");
        }
        String first = knownBy.toLowerCase(Locale.ROOT);
        Set<Identifier> ordered = new LinkedHashSet<>();
        identifiers.stream()
                .filter(identifier -> identifier.value().equals(first))
                .forEach(ordered::add);
        identifiers.stream()
                .filter(identifier -> identifier.withoutWildcard().value().equals(first))
                .forEach(ordered::add);
        ordered.addAll(identifiers);
        return List.copyOf(ordered);
    }
}
