package org.wucme.acme.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.internal.octets.Der;
import org.wucme.acme.internal.text.OneLine;

/**
 * Certificates and keys as text (RFC 7468). Reads what other programs and editors wrote, with a byte order mark, any line
 * ends, indentation, or without line breaks; writes PKCS#8.
 */
public final class Pem {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final byte DER_SEQUENCE = 0x30;

    private Pem() {}

    /**
     * The certificates in a text, in their order; text between the blocks and blocks of other kinds, such as a private key,
     * are passed over. Either every certificate is read, or none.
     *
     * @throws PemException if a block is broken, or if anything looks like a part of a block and is not read; the message
     *     begins with the number of the line
     */
    public static List<X509Certificate> certificates(String pem) throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : PemScanner.requireReadable(pem)) {
            if (block.isCertificate()) {
                certificates.add(certificate(block));
            }
        }
        return List.copyOf(certificates);
    }

    /**
     * The certificates in a text that can be read, in their order: for a collection whose members do not depend on each
     * other, such as trusted roots.
     *
     * @param unreadable receives what is wrong with each of the others, as {@link #certificates(String)} says it
     */
    public static List<X509Certificate> certificates(String pem, Consumer<PemException> unreadable) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : PemScanner.scan(pem)) {
            try {
                if (block.requireReadable().isCertificate()) {
                    certificates.add(certificate(block));
                }
            } catch (PemException e) {
                unreadable.accept(e);
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

    static X509Certificate certificate(PemBlock block) throws PemException {
        byte[] content = block.content();
        // Java's reader looks for another text of this kind in what does not begin as a certificate does.
        if (content.length == 0 || content[0] != DER_SEQUENCE) {
            throw block.refused("does not hold a certificate", null);
        }
        ByteArrayInputStream der = new ByteArrayInputStream(content);
        X509Certificate certificate;
        try {
            certificate = (X509Certificate) Jca.x509().generateCertificate(der);
        } catch (CertificateException e) {
            throw block.refused("does not hold a certificate that Java can read: " + reason(e) + advice(content), e);
        }
        if (der.available() > 0 && !block.mayHoldMore()) {
            throw block.refused(
                    "holds more than a certificate: perhaps the END and BEGIN lines within it are missing", null);
        }
        return certificate;
    }

    // The innermost cause knows what it is about; the others say only that there was an error. It may quote the
    // certificate.
    private static String reason(CertificateException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return OneLine.of(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private static String advice(byte[] content) {
        try {
            return KeyKind.hasExplicitParameters(Certificate.getInstance(content)
                            .getSubjectPublicKeyInfo()
                            .getAlgorithm())
                    ? "; its key is EC with explicit parameters: obtain a new certificate with a key on a named curve,"
                            + " such as P-256"
                    : "";
        } catch (RuntimeException e) {
            return "";
        }
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
