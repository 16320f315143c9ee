package org.wucme.acme.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.wucme.acme.internal.octets.Der;

/** Certificates and keys as text (RFC 7468). Reads what other programs wrote, writes PKCS#8. */
public final class Pem {

    static final String CERTIFICATE = "CERTIFICATE";

    private Pem() {}

    /**
     * The certificates in a text, in their order; other blocks, such as a private key behind them, are passed over.
     *
     * @throws PemException if a block is broken
     */
    public static List<X509Certificate> certificates(String pem) throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemObject block : blocks(pem)) {
            if (block.getType().equals(CERTIFICATE)) {
                certificates.add(certificate(block));
            }
        }
        return List.copyOf(certificates);
    }

    /** One certificate, or several one after another, as text with line feeds. */
    public static String encode(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append(encode(CERTIFICATE, Der.of(certificate)));
        }
        return text.toString();
    }

    /**
     * A private key as PKCS#8 text, not encrypted.
     *
     * @throws IllegalArgumentException if the key cannot leave the device it lives in
     */
    public static String encode(PrivateKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw new IllegalArgumentException("this private key cannot be exported from where it lives");
        }
        return encode("PRIVATE KEY", encoded);
    }

    static List<PemObject> blocks(String pem) throws PemException {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(withoutByteOrderMark(pem)))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new PemException("block " + (blocks.size() + 1) + " of this PEM text is broken", e);
        }
        return blocks;
    }

    static X509Certificate certificate(PemObject block) throws PemException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.getContent()));
        } catch (CertificateException e) {
            throw new PemException("a CERTIFICATE block does not hold a certificate", e);
        }
    }

    static String withoutByteOrderMark(String pem) {
        return pem.startsWith("\uFEFF") ? pem.substring(1) : pem;
    }

    private static String encode(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().replace("\r\n", "\n");
    }
}
