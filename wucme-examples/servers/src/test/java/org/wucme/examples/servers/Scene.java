package org.wucme.examples.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.wucme.acme.AcmeClient;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/** What a server is started with: a manager for its certificate, whose CA asks it for the answers. */
final class Scene {

    static final String NAME = "www.example.org";

    final Http01Responder http01 = new Http01Responder();
    final Addresses addresses;

    private final TlsAlpn01Responder tlsAlpn01 = new TlsAlpn01Responder();
    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
    private final CertificateManager.Builder certificates;

    Scene(Authority authority, Proof proof, Path folder) throws IOException {
        addresses = authority.addresses();
        certificates = CertificateManager.builder(FileStore.open(folder))
                .ca(authority.ca())
                .connect(ca -> AcmeClient.builder(ca)
                        .trustedRoots(List.of(authority.tlsRoot()))
                        .build())
                .agreeToTerms()
                .solvers(proof == Proof.HTTP_01 ? http01 : tlsAlpn01)
                .manage(NAME)
                .temporaryCertificate()
                .listener(events::add);
    }

    /** The manager's settings, for a server that has more to say. */
    CertificateManager.Builder certificates() {
        return certificates;
    }

    /** The manager's keys, for a server that answers tls-alpn-01 too. */
    X509ExtendedKeyManager keysWithTlsAlpn01(CertificateManager manager) throws IOException {
        return new TlsAlpn01KeyManager(tlsAlpn01, manager.keyManager());
    }

    /** The next certificate that the manager stores. */
    StoredCertificate awaitCertificate() throws InterruptedException {
        while (true) {
            ManagerEvent event = events.poll(20, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no certificate was stored in 20 seconds");
            } else if (event instanceof ManagerEvent.Obtained obtained) {
                return obtained.certificate();
            } else if (event instanceof ManagerEvent.Renewed renewed) {
                return renewed.certificate();
            } else if (event instanceof ManagerEvent.Failed failed) {
                throw new AssertionError("the CA was not convinced", failed.cause());
            }
        }
    }
}
