package org.wucme.examples.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509KeyManager;
import org.wucme.acme.Ca;
import org.wucme.manage.CertificateManager;
import org.wucme.store.file.FileStore;

/** What all servers here have in common. */
final class Certificates {

    private static final int HANDSHAKES = 16;

    private Certificates() {}

    /**
     * A manager of one certificate, from Let's Encrypt's staging service; what proves the names is to be added. It is to be
     * started after the server that it is for, since the CA asks that server for the answers to its challenges.
     *
     * @param names what the certificate is for
     */
    static CertificateManager.Builder of(String... names) throws IOException {
        return CertificateManager.builder(FileStore.open(Path.of("certificates")))
                .ca(Ca.LETS_ENCRYPT_STAGING)
                .contact("mailto:hostmaster@" + names[0])
                .agreeToTerms()
                .manage(names)
                .temporaryCertificate();
    }

    /**
     * Threads for TLS handshakes, for servers that would do these in their event loops: a key that is not in memory yet is
     * waited for here, and not by a loop with all its connections.
     */
    static ExecutorService handshakeThreads() {
        return Executors.newFixedThreadPool(HANDSHAKES, task -> {
            Thread thread = new Thread(task, "tls-handshake");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A context for a server with this key manager. Of Java's own TLS: others do not show it that a handshake is for acme-tls/1. */
    static SSLContext sslContext(X509KeyManager keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(new KeyManager[] {keys}, null, null);
        return context;
    }
}
