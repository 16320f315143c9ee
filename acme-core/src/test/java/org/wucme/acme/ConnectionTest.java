package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Connection;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.TestCa;

/** The connections to a CA, those of a client that is handed in above all. */
class ConnectionTest {

    private static OkHttpClient handedIn(List<Connection> used) {
        return new OkHttpClient.Builder()
                .addNetworkInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    Connection connection = chain.connection();
                    if (connection != null && !used.contains(connection)) {
                        used.add(connection);
                    }
                    return response;
                })
                .build();
    }

    private static void issue(AcmeClient client) throws IOException {
        TestClients.register(client).obtain(CertificateRequest.of("www.example.test"), new TestClients.SilentSolver());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneServesAWholeIssuanceAndSendsAtOnce(boolean http1) throws IOException {
        List<Connection> used = new CopyOnWriteArrayList<>();
        TestCa.Builder builder = TestCa.builder();
        try (TestCa ca = (http1 ? builder.http1Only() : builder).start().alwaysValid(true);
                AcmeClient client =
                        TestClients.builder(ca).httpClient(handedIn(used)).build()) {
            issue(client);

            assertThat(used).hasSize(1);
            assertThat(used.get(0).protocol()).isEqualTo(http1 ? Protocol.HTTP_1_1 : Protocol.HTTP_2);
            assertThat(used.get(0).socket().getTcpNoDelay()).isTrue();
        }
    }

    @Test
    void ofAClientHandedInStaysTheCallers() throws IOException {
        List<Connection> used = new CopyOnWriteArrayList<>();
        OkHttpClient own = handedIn(used);
        try (TestCa ca = TestCa.start().alwaysValid(true)) {
            for (int i = 0; i < 2; i++) {
                try (AcmeClient client = TestClients.builder(ca).httpClient(own).build()) {
                    client.fetchDirectory();
                }
            }

            assertThat(own.dispatcher().executorService().isShutdown()).isFalse();
            assertThat(own.connectionPool().connectionCount()).isPositive();
        }
    }
}
