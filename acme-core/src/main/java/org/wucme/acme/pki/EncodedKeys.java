package org.wucme.acme.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.wucme.acme.internal.jca.Jca;

/** Keys from their ASN.1 form, as the platform has them. */
final class EncodedKeys {

    // Java's providers know most key factories by their names only.
    private static final Map<ASN1ObjectIdentifier, String> NAMES = Map.of(
            PKCSObjectIdentifiers.rsaEncryption, "RSA",
            X9ObjectIdentifiers.id_ecPublicKey, "EC",
            EdECObjectIdentifiers.id_Ed25519, "Ed25519");

    private EncodedKeys() {}

    static PrivateKey privateKey(PrivateKeyInfo info) throws GeneralSecurityException, IOException {
        return keyFactory(info.getPrivateKeyAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    static PublicKey publicKey(SubjectPublicKeyInfo info) throws GeneralSecurityException, IOException {
        return keyFactory(info.getAlgorithm()).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    }

    private static KeyFactory keyFactory(AlgorithmIdentifier algorithm) throws NoSuchAlgorithmException {
        ASN1ObjectIdentifier identifier = algorithm.getAlgorithm();
        return Jca.keyFactory(NAMES.getOrDefault(identifier, identifier.getId()));
    }
}
