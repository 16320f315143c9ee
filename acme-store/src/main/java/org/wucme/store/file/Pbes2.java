package org.wucme.store.file;

import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.io.CipherInputStream;
import org.bouncycastle.crypto.io.CipherOutputStream;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.OutputEncryptor;

/**
 * Encryption with a password by PBES2 (RFC 8018 section 6.2): PBKDF2 and AES in CBC mode. By Bouncy Castle's ciphers
 * themselves, since what a keystore of JCA does depends on system properties and on the order of the security providers.
 */
final class Pbes2 implements OutputEncryptor, InputDecryptor {

    /** Java reads no more than that; it would take seconds. */
    static final int MAX_ITERATIONS = 5_000_000;

    private static final int ITERATIONS = 10_000;
    private static final int OCTETS = 16;
    private static final int KEY_BITS = 256;

    private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> DIGESTS = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA1, SHA1Digest::new,
            PKCSObjectIdentifiers.id_hmacWithSHA256, SHA256Digest::new,
            PKCSObjectIdentifiers.id_hmacWithSHA384, SHA384Digest::new,
            PKCSObjectIdentifiers.id_hmacWithSHA512, SHA512Digest::new);
    private static final Map<ASN1ObjectIdentifier, Integer> AES_BITS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, 128,
            NISTObjectIdentifiers.id_aes192_CBC, 192,
            NISTObjectIdentifiers.id_aes256_CBC, 256);

    private final AlgorithmIdentifier algorithm;
    private final PBES2Parameters parameters;
    private final char[] password;

    private Pbes2(AlgorithmIdentifier algorithm, char[] password) {
        this.algorithm = algorithm;
        this.parameters = PBES2Parameters.getInstance(algorithm.getParameters());
        this.password = password;
    }

    /** Encrypts by AES-256, with a key from the password by HMAC-SHA256. */
    static OutputEncryptor encryptor(char[] password, SecureRandom random) {
        PBKDF2Params derivation = new PBKDF2Params(
                octets(random),
                ITERATIONS,
                KEY_BITS / Byte.SIZE,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        PBES2Parameters parameters = new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(octets(random))));
        return new Pbes2(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), password);
    }

    /** Decrypts what was encrypted so. */
    static InputDecryptor decryptor(AlgorithmIdentifier algorithm, char[] password) {
        return new Pbes2(algorithm, password);
    }

    private static byte[] octets(SecureRandom random) {
        byte[] octets = new byte[OCTETS];
        random.nextBytes(octets);
        return octets;
    }

    private PaddedBufferedBlockCipher cipher(boolean encrypts) {
        EncryptionScheme scheme = parameters.getEncryptionScheme();
        PBKDF2Params derivation =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        Supplier<Digest> digest = DIGESTS.get(derivation.getPrf().getAlgorithm());
        Integer bits = AES_BITS.get(scheme.getAlgorithm());
        boolean isBounded = derivation.getIterationCount().compareTo(BigInteger.valueOf(MAX_ITERATIONS)) <= 0;
        if (digest == null || bits == null || !isBounded) {
            throw new IllegalArgumentException("encrypted by an unknown cipher, or with too many iterations");
        }
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest.get());
        generator.init(
                PBEParametersGenerator.PKCS5PasswordToUTF8Bytes(password),
                derivation.getSalt(),
                derivation.getIterationCount().intValueExact());
        CipherParameters key = generator.generateDerivedParameters(bits);
        byte[] vector = ASN1OctetString.getInstance(scheme.getParameters()).getOctets();
        PaddedBufferedBlockCipher cipher =
                new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(AESEngine.newInstance()));
        cipher.init(encrypts, new ParametersWithIV(key, vector));
        return cipher;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return algorithm;
    }

    @Override
    public OutputStream getOutputStream(OutputStream encrypted) {
        return new CipherOutputStream(encrypted, cipher(true));
    }

    @Override
    public InputStream getInputStream(InputStream encrypted) {
        return new CipherInputStream(encrypted, cipher(false));
    }

    /** Not asked for by what writes keystores. */
    @Override
    public GenericKey getKey() {
        throw new UnsupportedOperationException("the key stays here");
    }
}
