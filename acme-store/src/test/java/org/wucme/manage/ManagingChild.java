package org.wucme.manage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.pki.Pem;
import org.wucme.store.file.FileStore;

/**
 * A process of its own that manages one certificate, and says on standard output what happens. Arguments: the folder of the
 * store, the CA's directory, a file with its root, and the step at which it stops for ever, though not before it has obtained
 * a certificate, which may be one that another process began; or {@code once}, to end when it has obtained a certificate.
 */
final class ManagingChild {

    static final String HOST = "www.example.test";
    static final String ONCE = "once";
    static final String DEPLOYMENT = "Deployment";

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private ManagingChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Ca ca = Ca.of(arguments[1]);
        Path root = Path.of(arguments[2]);
        String moment = arguments[3];
        CountDownLatch obtained = new CountDownLatch(1);
        try (CertificateManager manager = CertificateManager.builder(FileStore.open(Path.of(arguments[0])))
                .connect(each -> connect(each, root))
                .solvers(List.of(new TestSolver(Http01.TYPE)))
                .progress(step -> reached(step.getClass().getSimpleName(), moment, obtained))
                .deployment(DEPLOYMENT, certificate -> reached(DEPLOYMENT, moment, obtained))
                .listener(event -> tell(event, obtained))
                .renewalInfo(false)
                .ca(ca)
                .agreeToTerms()
                .manage(HOST)
                .build()
                .start()) {
            (moment.equals(ONCE) ? obtained : NEVER).await();
        }
    }

    private static AcmeClient connect(Ca ca, Path root) {
        try {
            return AcmeClient.builder(ca)
                    .trustedRoots(Pem.certificates(Files.readString(root)))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reached(String step, String moment, CountDownLatch obtained) {
        if (step.equals(moment) && obtained.getCount() == 0) {
            System.out.println("at " + moment);
            try {
                NEVER.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void tell(ManagerEvent event, CountDownLatch obtained) {
        if (event instanceof ManagerEvent.BecameActive) {
            System.out.println("active");
        } else if (event instanceof ManagerEvent.BecameStandby standby) {
            System.out.println("standby behind " + standby.owner().pid());
        } else {
            System.out.println(event);
        }
        if (event instanceof ManagerEvent.Obtained || event instanceof ManagerEvent.Renewed) {
            obtained.countDown();
        }
    }
}
