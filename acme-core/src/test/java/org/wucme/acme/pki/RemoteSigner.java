package org.wucme.acme.pki;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A key in a service somewhere else: there is no private key on this side at all, and the service may be out of order. */
public final class RemoteSigner implements Signer {

    private final Signer service;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    private RemoteSigner(Signer service) {
        this.service = service;
    }

    /** A service that holds this key pair. */
    public static RemoteSigner holding(KeyPair pair) {
        return new RemoteSigner(Signer.of(pair));
    }

    /** Makes the service fail from now on. */
    public RemoteSigner breakDown() {
        broken = true;
        return this;
    }

    /** The algorithms that the service was asked for, one for each signature. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public PublicKey publicKey() {
        return service.publicKey();
    }

    @Override
    public byte[] sign(String jcaAlgorithm, byte[] data) throws IOException {
        requests.add(jcaAlgorithm);
        if (broken) {
            throw new IOException("the key service does not answer");
        }
        return service.sign(jcaAlgorithm, data);
    }
}
