package org.wucme.store.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.operator.InputDecryptor;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.bc.BcDefaultDigestProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.bc.BcPKCS12PBEInputDecryptorProviderBuilder;
import org.wucme.acme.internal.jca.Jca;

/**
 * A keystore's content (RFC 7292): private keys and certificates, encrypted by AES-256 with a MAC by SHA-256, which OpenSSL and
 * every Java since 8u301 read. The same in every JVM: JCA's own keystore would follow system properties, and uses whatever
 * security provider comes first.
 *
 * @param keys the private keys, in PKCS#8
 * @param certificates the certificates; those that belong to a key first
 */
record Pkcs12(List<byte[]> keys, List<X509Certificate> certificates) {

    private static final int MAC_ITERATIONS = 10_000;
    private static final AlgorithmIdentifier SHA_256 =
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);

    /** A keystore with one key and its certificates, leaf first. */
    static byte[] encode(String alias, PrivateKey key, List<X509Certificate> chain, char[] password)
            throws IOException, GeneralSecurityException {
        byte[] localKeyId = Jca.sha256().digest(chain.get(0).getEncoded());
        SecureRandom random = Jca.random();
        OutputEncryptor keyEncryptor = Pbes2.encryptor(password, random);
        PKCS12SafeBagBuilder keyBag =
                new PKCS12SafeBagBuilder(PrivateKeyInfo.getInstance(key.getEncoded()), keyEncryptor);
        List<PKCS12SafeBag> certificateBags = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            PKCS12SafeBagBuilder bag = new PKCS12SafeBagBuilder(new X509CertificateHolder(certificate.getEncoded()));
            boolean isLeaf = certificateBags.isEmpty();
            certificateBags.add((isLeaf ? named(bag, alias, localKeyId) : bag).build());
        }
        try {
            return new PKCS12PfxPduBuilder()
                    .addData(named(keyBag, alias, localKeyId).build())
                    .addEncryptedData(Pbes2.encryptor(password, random), certificateBags.toArray(PKCS12SafeBag[]::new))
                    .build(
                            new BcPKCS12MacCalculatorBuilder(new SHA256Digest(), SHA_256)
                                    .setIterationCount(MAC_ITERATIONS),
                            password)
                    .getEncoded(ASN1Encoding.DER);
        } catch (PKCSException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static PKCS12SafeBagBuilder named(PKCS12SafeBagBuilder bag, String alias, byte[] localKeyId) {
        return bag.addBagAttribute(PKCS12SafeBag.friendlyNameAttribute, new DERBMPString(alias))
                .addBagAttribute(PKCS12SafeBag.localKeyIdAttribute, new DEROctetString(localKeyId));
    }

    /**
     * Opens a keystore of ours, or of another program if it uses no rarer cipher.
     *
     * @throws IOException if it is none, or if the password is wrong
     */
    static Pkcs12 decode(byte[] bytes, char[] password) throws IOException {
        try {
            PKCS12PfxPdu pfx = new PKCS12PfxPdu(bytes);
            requireMac(pfx, password);
            List<byte[]> keys = new ArrayList<>();
            List<X509Certificate> certificates = new ArrayList<>();
            for (PKCS12SafeBag bag : bags(pfx, password)) {
                if (bag.getBagValue() instanceof X509CertificateHolder holder) {
                    certificates.add(hasKey(bag) ? 0 : certificates.size(), certificate(holder));
                } else if (bag.getBagValue() instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
                    keys.add(encrypted
                            .decryptPrivateKeyInfo(decryptors(password))
                            .getEncoded());
                } else if (bag.getBagValue() instanceof PrivateKeyInfo key) {
                    keys.add(key.getEncoded());
                }
            }
            return new Pkcs12(keys, certificates);
        } catch (PKCSException | RuntimeException e) {
            throw new IOException("not a keystore, or another password: " + e.getMessage(), e);
        }
    }

    private static void requireMac(PKCS12PfxPdu pfx, char[] password) throws IOException, PKCSException {
        boolean isOpened = pfx.hasMac()
                && pfx.toASN1Structure().getMacData().getIterationCount().intValueExact() <= Pbes2.MAX_ITERATIONS
                && pfx.isMacValid(new BcPKCS12MacCalculatorBuilderProvider(BcDefaultDigestProvider.INSTANCE), password);
        if (!isOpened) {
            throw new IOException("no keystore that is protected by this password");
        }
    }

    private static List<PKCS12SafeBag> bags(PKCS12PfxPdu pfx, char[] password) throws PKCSException {
        List<PKCS12SafeBag> bags = new ArrayList<>();
        for (ContentInfo content : pfx.getContentInfos()) {
            PKCS12SafeBagFactory factory = content.getContentType().equals(PKCSObjectIdentifiers.encryptedData)
                    ? new PKCS12SafeBagFactory(content, decryptors(password))
                    : new PKCS12SafeBagFactory(content);
            bags.addAll(Arrays.asList(factory.getSafeBags()));
        }
        return bags;
    }

    private static boolean hasKey(PKCS12SafeBag bag) {
        return bag.getAttributes() != null
                && Arrays.stream(bag.getAttributes())
                        .anyMatch(attribute -> attribute.getAttrType().equals(PKCS12SafeBag.localKeyIdAttribute));
    }

    private static X509Certificate certificate(X509CertificateHolder holder) throws IOException {
        try {
            return (X509Certificate) Jca.x509().generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (CertificateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static InputDecryptorProvider decryptors(char[] password) {
        return algorithm -> algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)
                ? Pbes2.decryptor(algorithm, password)
                : legacy(algorithm, password);
    }

    /** What Java wrote before 8u301, and later where it was told to. */
    private static InputDecryptor legacy(AlgorithmIdentifier algorithm, char[] password)
            throws OperatorCreationException {
        return new BcPKCS12PBEInputDecryptorProviderBuilder().build(password).get(algorithm);
    }
}
