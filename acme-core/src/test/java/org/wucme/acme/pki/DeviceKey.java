package org.wucme.acme.pki;

import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A private key that shows nothing but its algorithm, as a PKCS#11 device or a key service gives it. */
public final class DeviceKey implements PrivateKey {

    private static final long serialVersionUID = 1;
    private final transient PrivateKey hidden;

    private DeviceKey(PrivateKey hidden) {
        this.hidden = hidden;
    }

    /** The same key pair, its private half in a device. */
    public static KeyPair of(KeyPair pair) {
        return new KeyPair(pair.getPublic(), new DeviceKey(pair.getPrivate()));
    }

    /** The device's driver, to be added to {@link java.security.Security} while the test runs. */
    public static Provider provider() {
        return new Driver();
    }

    @Override
    public String getAlgorithm() {
        return hidden.getAlgorithm();
    }

    @Override
    public @Nullable String getFormat() {
        return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
        return null;
    }

    private static final class Driver extends Provider {
        private static final long serialVersionUID = 1;

        Driver() {
            super("DeviceKey", "1", "signs with keys in a device that does not exist");
            for (String algorithm : List.of("SHA256withECDSA", "SHA384withECDSA", "SHA256withRSA")) {
                add(algorithm, algorithm);
                add(algorithm + "inP1363Format", algorithm + "inP1363Format");
            }
        }

        private void add(String name, String algorithm) {
            putService(
                    new Service(
                            this,
                            "Signature",
                            name,
                            Signer.class.getName(),
                            null,
                            Map.of("SupportedKeyClasses", DeviceKey.class.getName())) {
                        @Override
                        public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                            return new Signer(Signature.getInstance(algorithm));
                        }
                    });
        }
    }

    private static final class Signer extends SignatureSpi {
        private final Signature signature;

        Signer(Signature signature) {
            this.signature = signature;
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            signature.initSign(((DeviceKey) key).hidden);
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            signature.update(b);
        }

        @Override
        protected void engineUpdate(byte[] b, int off, int len) throws SignatureException {
            signature.update(b, off, len);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return signature.sign();
        }

        @Override
        protected void engineInitVerify(PublicKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signed) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String param, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String param) {
            throw new UnsupportedOperationException();
        }
    }
}
