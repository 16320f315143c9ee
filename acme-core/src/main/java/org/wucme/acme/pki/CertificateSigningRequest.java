package org.wucme.acme.pki;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;

/**
 * What an order is finalized with: the public key and the names, signed by the private key (RFC 2986, RFC 8555 section
 * 7.4). Names stand in the subject alternative name, each once. Immutable.
 */
public final class CertificateSigningRequest {

    private final byte[] der;

    private CertificateSigningRequest(byte[] der) {
        this.der = der;
    }

    /**
     * A request without a common name, as the Baseline Requirements prefer it.
     *
     * @throws IllegalArgumentException if the key cannot sign, or if there is no name
     */
    public static CertificateSigningRequest of(Collection<Identifier> identifiers, KeyPair key) {
        return withKeyPair(identifiers, null, key);
    }

    /**
     * A request without a common name, signed where the key lives.
     *
     * @throws IOException if the signer fails
     */
    public static CertificateSigningRequest of(Collection<Identifier> identifiers, Signer signer) throws IOException {
        return create(identifiers, null, signer);
    }

    /** A request with a common name as well, for the few that still need one; it must be one of the identifiers. */
    public static CertificateSigningRequest withCommonName(
            Identifier commonName, Collection<Identifier> identifiers, KeyPair key) {
        return withKeyPair(identifiers, commonName, key);
    }

    /**
     * A request with a common name as well, signed where the key lives.
     *
     * @throws IOException if the signer fails
     */
    public static CertificateSigningRequest withCommonName(
            Identifier commonName, Collection<Identifier> identifiers, Signer signer) throws IOException {
        return create(identifiers, commonName, signer);
    }

    /** A request that was made elsewhere, in DER; taken as it is. */
    public static CertificateSigningRequest ofDer(byte[] der) {
        return new CertificateSigningRequest(der.clone());
    }

    /** The request in DER. */
    public byte[] der() {
        return der.clone();
    }

    /**
     * The public key that is to be certified.
     *
     * @throws IllegalArgumentException if this is no request, or its key is of an unknown kind
     */
    public PublicKey publicKey() {
        return RequestReader.publicKey(parsed());
    }

    /**
     * The names and addresses that are asked for: those in the subject alternative name, and the common name if it is one.
     * Names of other types are passed over.
     *
     * @throws IllegalArgumentException if this is no request, or an alternative name is none that a certificate can carry
     */
    public Set<Identifier> identifiers() {
        return RequestReader.identifiers(parsed());
    }

    private PKCS10CertificationRequest parsed() {
        try {
            return new PKCS10CertificationRequest(der);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("this is no certificate signing request in DER", e);
        }
    }

    private static CertificateSigningRequest withKeyPair(
            Collection<Identifier> identifiers, @Nullable Identifier commonName, KeyPair key) {
        try {
            return create(identifiers, commonName, Signer.of(key));
        } catch (IOException e) {
            throw new IllegalArgumentException("this key cannot sign a certificate request: " + e.getMessage(), e);
        }
    }

    private static CertificateSigningRequest create(
            Collection<Identifier> identifiers, @Nullable Identifier commonName, Signer signer) throws IOException {
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs at least one name");
        }
        if (commonName != null && !identifiers.contains(commonName)) {
            throw new IllegalArgumentException(commonName + " is not one of the names that are asked for");
        }
        // RFC 5280 section 4.2.1.6: the names are critical where the subject is empty.
        boolean isWithoutSubject = commonName == null;
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
                Extension.subjectAlternativeName, isWithoutSubject, generalNames(new LinkedHashSet<>(identifiers)));
        PKCS10CertificationRequestBuilder builder = new JcaPKCS10CertificationRequestBuilder(
                        subject(commonName), signer.publicKey())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        return new CertificateSigningRequest(RequestSigner.sign(builder, signer));
    }

    private static X500Name subject(@Nullable Identifier commonName) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        if (commonName != null) {
            subject.addRDN(BCStyle.CN, commonName.value());
        }
        return subject.build();
    }

    private static GeneralNames generalNames(Set<Identifier> identifiers) {
        return new GeneralNames(
                identifiers.stream().map(CertificateSigningRequest::generalName).toArray(GeneralName[]::new));
    }

    private static GeneralName generalName(Identifier identifier) {
        return switch (identifier.type()) {
            case Identifier.DNS -> new GeneralName(GeneralName.dNSName, identifier.value());
            case Identifier.IP -> new GeneralName(GeneralName.iPAddress, identifier.value());
            default ->
                throw new IllegalArgumentException(
                        "a request for identifiers of type " + identifier.type() + " must be made by the caller");
        };
    }
}
