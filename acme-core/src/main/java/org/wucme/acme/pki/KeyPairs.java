package org.wucme.acme.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys as other programs write them: PKCS#8, PKCS#1 (RSA), SEC1 (EC), encrypted or not. The public key is
 * derived where the file does not hold it.
 */
public final class KeyPairs {

    private KeyPairs() {}

    /**
     * The first private key in a text, with its public key.
     *
     * @throws PemException if there is none, if it is broken, or if it is encrypted
     */
    public static KeyPair read(String pem) throws PemException {
        return parse(pem, null);
    }

    /**
     * The first private key in a text that may be encrypted, with its public key.
     *
     * @param password what it is encrypted with; the caller's to wipe
     * @throws PemException if there is none, if it is broken, or if the password is wrong
     */
    public static KeyPair read(String pem, char[] password) throws PemException {
        return parse(pem, password);
    }

    private static KeyPair parse(String pem, char @Nullable [] password) throws PemException {
        PemBlock block;
        String text;
        try {
            // An EC file may begin with a block of parameters, and certificates may stand before the key.
            block = PemScanner.requireReadable(pem).stream()
                    .filter(PemBlock::isPrivateKey)
                    .findFirst()
                    .orElse(null);
            text = block == null ? "" : block.normalized();
        } catch (PemException e) {
            throw new PemException("the private key cannot be read: " + e.getMessage(), e);
        }
        if (block == null) {
            throw new PemException("there is no private key in this PEM text", null);
        }
        return keyPair(privateKeyInfo(block, text, password));
    }

    private static PrivateKeyInfo privateKeyInfo(PemBlock block, String text, char @Nullable [] password)
            throws PemException {
        PrivateKeyInfo info = null;
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            info = privateKeyInfo(parser.readObject(), password);
        } catch (PemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(block, e);
        }
        if (info == null) {
            throw unreadable(block, null);
        }
        return info;
    }

    private static PemException unreadable(PemBlock block, @Nullable Exception cause) {
        return new PemException(
                "the private key (" + block.label() + ", line " + block.line() + ") is broken or of an unknown kind",
                cause);
    }

    private static @Nullable PrivateKeyInfo privateKeyInfo(Object block, char @Nullable [] password)
            throws IOException {
        if (block instanceof PrivateKeyInfo info) {
            return info;
        }
        if (block instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        boolean encrypted = block instanceof PEMEncryptedKeyPair || block instanceof PKCS8EncryptedPrivateKeyInfo;
        return encrypted ? decrypt(block, required(password)) : null;
    }

    private static char[] required(char @Nullable [] password) throws PemException {
        if (password == null) {
            throw new PemException("the private key is encrypted, and no password was given", null);
        }
        return password;
    }

    private static PrivateKeyInfo decrypt(Object block, char[] password) throws PemException {
        try {
            if (block instanceof PEMEncryptedKeyPair pair) {
                return pair.decryptKeyPair(new BcPEMDecryptorProvider(password)).getPrivateKeyInfo();
            }
            // Java's own provider lacks most of what PKCS#8 files are encrypted with, openssl's default included.
            return ((PKCS8EncryptedPrivateKeyInfo) block)
                    .decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(password));
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw new PemException("the private key cannot be decrypted: wrong password, or an unknown cipher", e);
        }
    }

    private static KeyPair keyPair(PrivateKeyInfo info) throws PemException {
        KeyKind.requireSupported(info.getPrivateKeyAlgorithm());
        try {
            PrivateKey privateKey = EncodedKeys.privateKey(info);
            PublicKey publicKey = EncodedKeys.publicKey(publicKeyOf(info));
            return new KeyPair(publicKey, privateKey);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new PemException("the private key is broken", e);
        }
    }

    private static SubjectPublicKeyInfo publicKeyOf(PrivateKeyInfo info) throws IOException {
        AsymmetricKeyParameter key = PrivateKeyFactory.createKey(info);
        if (key instanceof RSAPrivateCrtKeyParameters rsa) {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                    new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent()));
        }
        if (key instanceof ECPrivateKeyParameters ec) {
            ECDomainParameters domain = ec.getParameters();
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(new ECPublicKeyParameters(
                    new FixedPointCombMultiplier().multiply(domain.getG(), ec.getD()), domain));
        }
        if (key instanceof Ed25519PrivateKeyParameters ed) {
            return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(ed.generatePublicKey());
        }
        throw new IOException(
                "no public key can be derived from " + key.getClass().getSimpleName());
    }
}
