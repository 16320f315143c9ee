package org.wucme.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.EngineHandshake;
import org.wucme.testing.TrustEverybody;
import org.wucme.tls.ServerCertificates;

/** Prints what a server keeps in memory that serves ten thousand certificates, at first and after a handshake for each. */
final class ServedMemory {

    private static final int COUNT = 10_000;
    private static final String SUFFIX = ".example.test";

    private final SSLContext server;
    private final SSLContext client = SSLContext.getInstance("TLS");
    private final EngineHandshake handshake = new EngineHandshake();

    private ServedMemory(SSLContext server) throws GeneralSecurityException {
        this.server = server;
        client.init(null, new TrustManager[] {new TrustEverybody()}, null);
    }

    /** Prints two numbers of KB. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        CertificateSource source = new Generated(
                KeyType.EC_P256.generate(),
                new HeldCertificate.Builder().certificateAuthority(0).build());
        long before = usedKilobytes();
        try (ServerCertificates certificates = ServerCertificates.builder(source)
                .watchEvery(Duration.ofDays(1))
                .open()) {
            long served = usedKilobytes() - before;
            ServedMemory memory = new ServedMemory(certificates.sslContext());
            for (int i = 0; i < COUNT; i++) {
                memory.shakeHands("host" + i + SUFFIX);
            }
            System.out.println(served + " " + (usedKilobytes() - before));
        }
    }

    private void shakeHands(String name) throws IOException {
        SSLEngine offering = client.createSSLEngine();
        offering.setUseClientMode(true);
        SSLParameters parameters = offering.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        offering.setSSLParameters(parameters);
        SSLEngine answering = server.createSSLEngine();
        answering.setUseClientMode(false);
        handshake.run(offering, answering);
    }

    private static long usedKilobytes() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1024;
    }

    /** Made when they are asked for, so that the source takes no memory of its own. */
    private record Generated(KeyPair key, HeldCertificate root) implements CertificateSource {

        @Override
        public Map<String, String> versions() {
            return IntStream.range(0, COUNT)
                    .mapToObj(i -> "HOST" + i)
                    .collect(Collectors.toMap(Function.identity(), name -> "1"));
        }

        @Override
        public Optional<StoredCertificate> load(String name) {
            HeldCertificate held = new HeldCertificate.Builder()
                    .keyPair(key)
                    .signedBy(root)
                    .addSubjectAlternativeName("host" + name.substring("HOST".length()) + SUFFIX)
                    .build();
            CertificateChain chain = new CertificateChain(List.of(held.certificate(), root.certificate()));
            return Optional.of(new StoredCertificate(name, "memory", chain, key, null, null));
        }
    }
}
