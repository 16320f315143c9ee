package org.wucme.acme.pki;

import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;

/** The kinds of private key that are read, whatever else the security providers of this JVM know. */
final class KeyKind {

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    // Those that the library of names does not have, or calls otherwise than people do.
    private static final Map<ASN1ObjectIdentifier, String> NAMES = Map.of(
            PKCSObjectIdentifiers.id_RSASSA_PSS, "RSA-PSS",
            PKCSObjectIdentifiers.dhKeyAgreement, "DH",
            X9ObjectIdentifiers.id_dsa, "DSA");

    private KeyKind() {}

    /**
     * Refuses any other kind.
     *
     * @throws PemException that says which kind it is
     */
    static void requireSupported(AlgorithmIdentifier algorithm) throws PemException {
        if (!isSupported(algorithm)) {
            throw new PemException(
                    "the private key is of a kind that is not supported, " + nameOf(algorithm)
                            + ": RSA, EC (P-256, P-384, P-521) and Ed25519 are",
                    null);
        }
    }

    private static boolean isSupported(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier type = algorithm.getAlgorithm();
        return type.equals(PKCSObjectIdentifiers.rsaEncryption)
                || type.equals(EdECObjectIdentifiers.id_Ed25519)
                || (isEc(type)
                        && algorithm.getParameters() instanceof ASN1ObjectIdentifier curve
                        && CURVES.contains(curve));
    }

    /** Whether a key is on a curve that is described in full in the place of its name (RFC 5480 section 2.1.1 forbids it). */
    static boolean hasExplicitParameters(AlgorithmIdentifier algorithm) {
        return isEc(algorithm.getAlgorithm()) && !(algorithm.getParameters() instanceof ASN1ObjectIdentifier);
    }

    private static boolean isEc(ASN1ObjectIdentifier type) {
        return type.equals(X9ObjectIdentifiers.id_ecPublicKey);
    }

    private static String nameOf(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier type = algorithm.getAlgorithm();
        if (isEc(type)) {
            return nameOfEc(algorithm.getParameters());
        }
        String name = NAMES.get(type);
        return name == null ? new DefaultAlgorithmNameFinder().getAlgorithmName(type) : name;
    }

    private static String nameOfEc(ASN1Encodable parameters) {
        if (!(parameters instanceof ASN1ObjectIdentifier curve)) {
            return "EC with explicit parameters (\"openssl ec -param_enc named_curve\" converts a known curve)";
        }
        String name = ECNamedCurveTable.getName(curve);
        return "EC on the curve " + (name == null ? curve.getId() : name);
    }
}
