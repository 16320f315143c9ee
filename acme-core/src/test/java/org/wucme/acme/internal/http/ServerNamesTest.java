package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "ca", "acme-ca", "ca.example.test"})
    void theNameOfTheServerIsSentHoweverManyLabelsItHas(String host) throws Exception {
        assertThat(namesSentTo(host)).containsExactly(host);
    }

    /** As services are called in a network of containers. */
    @Test
    void aServerWhoseNameNoHostCanHaveIsConnectedToWithoutIt() throws Exception {
        assertThat(namesSentTo("step_ca")).isEmpty();
    }

    private static List<String> namesSentTo(String host) throws Exception {
        HeldCertificate certificate =
                new HeldCertificate.Builder().addSubjectAlternativeName(host).build();
        HandshakeCertificates tls = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .addTrustedCertificate(certificate.certificate())
                .build();
        try (SSLServerSocket server = (SSLServerSocket)
                tls.sslContext().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<SNIServerName>> names = CompletableFuture.supplyAsync(() -> namesAskedFor(server));
            OkHttpClient client = ServerNames.apply(new OkHttpClient.Builder()
                    .sslSocketFactory(tls.sslSocketFactory(), tls.trustManager())
                    .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                    .build());
            client.newCall(new Request.Builder()
                            .url("https://" + host + ":" + server.getLocalPort() + "/")
                            .build())
                    .enqueue(new Ignored());

            List<String> sent = names.get(20, TimeUnit.SECONDS).stream()
                    .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
                    .toList();
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
            return sent;
        }
    }

    private static List<SNIServerName> namesAskedFor(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            return ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Ignored implements Callback {
        @Override
        public void onFailure(Call call, IOException e) {}

        @Override
        public void onResponse(Call call, Response response) {
            response.close();
        }
    }
}
