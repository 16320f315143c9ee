package org.wucme.testing.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** A certificate signing request, its signature good (RFC 8555 section 7.4). */
record Csr(PKCS10CertificationRequest request, PublicKey publicKey) {
    static Csr parse(byte[] der) {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            PublicKey key = Jdk.publicKey(request.getSubjectPublicKeyInfo());
            if (!Arrays.equals(request.getEncoded(), der)) {
                throw bad("The CSR is not DER");
            }
            if (!request.isSignatureValid(verifier(key))) {
                throw bad("The signature of the CSR is wrong");
            }
            return new Csr(request, key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw bad("The CSR cannot be read: " + e.getMessage());
        }
    }

    private static ContentVerifierProvider verifier(PublicKey key) throws OperatorCreationException {
        Provider provider = key instanceof RSAPublicKey ? Security.getProvider(Jdk.RSA) : Jdk.CURVES;
        return new JcaContentVerifierProviderBuilder().setProvider(provider).build(key);
    }

    /** Refuses a CSR that is not for exactly these identifiers, or for a key that must not be certified. */
    void require(Set<Identifier> identifiers, JWK accountKey) {
        boolean strong = (publicKey instanceof RSAPublicKey rsa
                        && rsa.getModulus().bitLength() >= 2048
                        && rsa.getModulus().bitLength() <= 4096)
                || (publicKey instanceof ECPublicKey ec
                        && List.of(256, 384).contains(ec.getParams().getOrder().bitLength()));
        if (!strong) {
            throw bad("Keys are P-256, P-384 or RSA of 2048 to 4096 bits");
        }
        if (isSameKey(publicKey, accountKey)) {
            throw bad("The key of the certificate must not be the key of the account");
        }
        Set<Identifier> names = names();
        Set<Identifier> wanted =
                identifiers.stream().filter(Identifier::isNameOrAddress).collect(Collectors.toSet());
        if (!names.equals(wanted)) {
            throw bad("The CSR is for " + names + ", the order for " + wanted);
        }
        for (RDN rdn : request.getSubject().getRDNs(BCStyle.CN)) {
            String commonName = IETFUtils.valueToString(rdn.getFirst().getValue());
            if (names.stream().noneMatch(name -> name.value().equals(commonName))) {
                throw bad("The common name " + commonName + " is not among the subject alternative names");
            }
        }
    }

    static boolean isSameKey(PublicKey key, JWK jwk) {
        if (jwk instanceof OctetKeyPair) {
            // No certificate has such a key.
            return false;
        }
        try {
            PublicKey other =
                    jwk instanceof ECKey ec ? ec.toPublicKey() : jwk.toRSAKey().toPublicKey();
            // Not by their encoded form, in which providers may write a curve out.
            return key instanceof RSAPublicKey rsa
                    ? other instanceof RSAPublicKey otherRsa && rsa.getModulus().equals(otherRsa.getModulus())
                    : key instanceof ECPublicKey curve
                            && other instanceof ECPublicKey otherCurve
                            && curve.getW().equals(otherCurve.getW());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<Identifier> names() {
        Set<Identifier> names = new HashSet<>();
        for (GeneralName name : subjectAlternativeNames()) {
            switch (name.getTagNo()) {
                case GeneralName.dNSName ->
                    names.add(new Identifier("dns", name.getName().toString()));
                case GeneralName.iPAddress ->
                    names.add(new Identifier(
                            "ip",
                            address(ASN1OctetString.getInstance(name.getName()).getOctets())));
                default -> throw bad("The CSR asks for a name that is neither DNS nor IP: " + name);
            }
        }
        return names;
    }

    private GeneralName[] subjectAlternativeNames() {
        @Nullable Extensions extensions = request.getRequestedExtensions();
        @Nullable
        GeneralNames names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null ? new GeneralName[0] : names.getNames();
    }

    /** The text of an address as RFC 5952 has it. */
    static String address(byte[] octets) {
        try {
            String text = InetAddress.getByAddress(octets).getHostAddress();
            return new HttpUrl.Builder().scheme("http").host(text).build().host();
        } catch (UnknownHostException e) {
            throw bad("An IP address has 4 or 16 octets, not " + octets.length);
        }
    }

    private static Problem bad(String detail) {
        return new Problem(400, "badCSR", detail);
    }
}
