package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Ca;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.testing.EngineHandshake;
import org.wucme.testing.TrustEverybody;

/** What a server has that asks its manager for a TLS context. */
@Tag("embedding")
@Timeout(60)
class ServingTest {

    private static final String NAME = "www.example.test";

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void aTemporaryCertificateIsServedUntilTheFirstIsObtained() throws Exception {
        scene.register();
        CertificateManager manager = scene.manager(configured().temporaryCertificate());
        SSLContext context = manager.sslContext();
        X509Certificate temporary = ask(context);

        manager.issue(scene.www());

        assertThat(temporary.getIssuerX500Principal()).isEqualTo(temporary.getSubjectX500Principal());
        assertThat(ask(context)).isEqualTo(Scene.leaf(scene.stored(Scene.WWW)));
    }

    @Test
    void aListenerHearsOfACertificateThatIsServedAlready() throws Exception {
        BlockingQueue<X509Certificate> served = new LinkedBlockingQueue<>();
        SSLContext[] context = new SSLContext[1];
        CertificateManager manager = scene.manager(
                configured().temporaryCertificate().listener(event -> addIfObtained(event, served, context[0])));
        context[0] = manager.sslContext();

        manager.start();

        assertThat(served.poll(50, TimeUnit.SECONDS)).isEqualTo(Scene.leaf(scene.stored(Scene.WWW)));
    }

    @Test
    void aRenewalIsServedAtOnce() throws Exception {
        scene.register();
        CertificateManager manager = scene.manager(configured());
        SSLContext context = manager.sslContext();
        manager.issue(scene.www());
        X509Certificate first = ask(context);
        scene.time.advance(Scene.UNTIL_DUE);

        manager.renewDue();

        assertThat(ask(context)).isEqualTo(Scene.leaf(scene.stored(Scene.WWW))).isNotEqualTo(first);
    }

    @Test
    void withoutATemporaryCertificateTheHandshakeFailsUntilThereIsOne() throws Exception {
        SSLContext context = scene.manager(configured()).sslContext();

        assertThatThrownBy(() -> ask(context)).isInstanceOf(SSLException.class);
    }

    @Test
    void closingTheManagerLeavesWhatIsServed() throws Exception {
        scene.register();
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        SSLContext context = manager.sslContext();
        X509Certificate served = ask(context);

        manager.close();

        assertThat(ask(context)).isEqualTo(served);
    }

    @Test
    void allContextsAndKeyManagersOfAManagerAreOne() throws Exception {
        CertificateManager manager = scene.manager(configured());

        assertThat(manager.keyManager()).isSameAs(manager.keyManager());
    }

    @Test
    void startingAgainWithWhatIsCurrentAsksNoCa() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        long before = scene.ca.count();
        BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();

        long begun = System.nanoTime();
        try (CertificateManager manager =
                configured().renewalInfo(false).listener(events::add).start()) {
            assertThat(ask(manager.sslContext())).isEqualTo(Scene.leaf(scene.stored(Scene.WWW)));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            assertThat(events.poll(30, TimeUnit.SECONDS)).isInstanceOf(ManagerEvent.BecameActive.class);
        }
        assertThat(scene.ca.count()).isEqualTo(before);
    }

    private CertificateManager.Builder configured() {
        return scene.configured(scene.store)
                .renewalInfo(false)
                .ca(Ca.of(scene.ca.directoryUrl()))
                .agreeToTerms()
                .manage(NAME);
    }

    private static void addIfObtained(ManagerEvent event, BlockingQueue<X509Certificate> served, SSLContext context) {
        if (event instanceof ManagerEvent.Obtained) {
            try {
                served.add(ask(context));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The certificate that a new connection gets. */
    private static X509Certificate ask(SSLContext server) throws IOException {
        SSLEngine client = Tls.client(new TrustEverybody()).createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(NAME)));
        client.setSSLParameters(parameters);
        SSLEngine serving = server.createSSLEngine();
        serving.setUseClientMode(false);
        new EngineHandshake().run(client, serving);
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }
}
