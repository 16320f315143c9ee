package org.wucme.examples;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.pki.Pem;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/**
 * A server that embeds us, to be run in a process of its own: {@code ManagedServer STORE PORT DIRECTORY ROOT}. It says on a
 * line what happened: {@link #SERVING}, {@link #ORDER} with its URL, {@link #STORED} with a serial number and the begin of validity in
 * seconds since the epoch, {@link #FAILED} with the reason. It ends when its input does, but not before it has a certificate.
 */
final class ManagedServer {

    static final String NAME = "life.example.org";
    static final String SERVING = "serving";
    static final String ORDER = "order";
    static final String STORED = "stored";
    static final String FAILED = "failed";

    private static final long LONGEST_START_SECONDS = 30;

    private final CountDownLatch obtained = new CountDownLatch(1);

    private ManagedServer() {}

    /** Serves. */
    public static void main(String[] arguments) throws Exception {
        new ManagedServer()
                .run(
                        FileStore.open(Path.of(arguments[0])),
                        Integer.parseInt(arguments[1]),
                        Ca.of(arguments[2]),
                        Pem.certificates(Files.readString(Path.of(arguments[3]))));
    }

    private void run(FileStore store, int port, Ca ca, List<X509Certificate> roots) throws Exception {
        TlsAlpn01Responder responder = new TlsAlpn01Responder();
        try (CertificateManager manager = CertificateManager.builder(store)
                        .connect(
                                to -> AcmeClient.builder(to).trustedRoots(roots).build())
                        .ca(ca)
                        .agreeToTerms()
                        .solvers(responder)
                        .manage(NAME)
                        .temporaryCertificate()
                        .progress(ManagedServer::tell)
                        .listener(this::tell)
                        .build();
                OnePortServer server = new OnePortServer(port, manager.keyManager(), responder)) {
            System.out.println(SERVING + " at " + server.port());
            manager.start();
            System.in.transferTo(OutputStream.nullOutputStream());
            if (store.list().stream().allMatch(stored -> stored.chain() == null)) {
                obtained.await(LONGEST_START_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static void tell(IssuanceEvent event) {
        if (event instanceof IssuanceEvent.OrderCreated created) {
            System.out.println(ORDER + " " + created.order().url());
        }
    }

    private void tell(ManagerEvent event) {
        if (event instanceof ManagerEvent.Obtained first) {
            tellStored(first.certificate());
        } else if (event instanceof ManagerEvent.Renewed renewed) {
            tellStored(renewed.certificate());
        } else if (event instanceof ManagerEvent.Failed failed) {
            System.out.println(FAILED + " " + failed.cause().getMessage());
        }
    }

    private void tellStored(StoredCertificate stored) {
        X509Certificate leaf = Objects.requireNonNull(stored.chain()).leaf();
        System.out.println(STORED + " " + leaf.getSerialNumber() + " "
                + leaf.getNotBefore().toInstant().getEpochSecond());
        obtained.countDown();
    }
}
