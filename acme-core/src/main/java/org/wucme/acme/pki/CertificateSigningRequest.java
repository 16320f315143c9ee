package org.wucme.acme.pki;

import java.io.IOException;
import java.security.KeyPair;
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
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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

    /** A request without a common name, as the Baseline Requirements prefer it. */
    public static CertificateSigningRequest of(Collection<Identifier> identifiers, KeyPair key) {
        return create(identifiers, null, key);
    }

    /** A request with a common name as well, for the few that still need one; it must be one of the identifiers. */
    public static CertificateSigningRequest withCommonName(
            Identifier commonName, Collection<Identifier> identifiers, KeyPair key) {
        if (!identifiers.contains(commonName)) {
            throw new IllegalArgumentException(commonName + " is not one of the names that are asked for");
        }
        return create(identifiers, commonName, key);
    }

    /** A request that was made elsewhere, in DER. */
    public static CertificateSigningRequest ofDer(byte[] der) {
        return new CertificateSigningRequest(der.clone());
    }

    /** The request in DER. */
    public byte[] der() {
        return der.clone();
    }

    private static CertificateSigningRequest create(
            Collection<Identifier> identifiers, @Nullable Identifier commonName, KeyPair key) {
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs at least one name");
        }
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName, false, generalNames(new LinkedHashSet<>(identifiers)));
            PKCS10CertificationRequestBuilder builder = new JcaPKCS10CertificationRequestBuilder(
                            subject(commonName), key.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            ContentSigner signer =
                    new JcaContentSignerBuilder(SignatureAlgorithms.forKey(key.getPublic())).build(key.getPrivate());
            return new CertificateSigningRequest(builder.build(signer).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalArgumentException("this key cannot sign a certificate request", e);
        }
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
