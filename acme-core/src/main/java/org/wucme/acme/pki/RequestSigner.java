package org.wucme.acme.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Lets Bouncy Castle sign with a {@link Signer}. */
final class RequestSigner implements ContentSigner {

    private final Signer signer;
    private final String algorithm;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    private RequestSigner(Signer signer) {
        this.signer = signer;
        this.algorithm = SignatureAlgorithms.forKey(signer.publicKey());
    }

    /** The request in DER, signed. */
    static byte[] sign(PKCS10CertificationRequestBuilder builder, Signer signer) throws IOException {
        try {
            return builder.build(new RequestSigner(signer)).getEncoded();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public byte[] getSignature() {
        try {
            return signer.sign(algorithm, content.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
