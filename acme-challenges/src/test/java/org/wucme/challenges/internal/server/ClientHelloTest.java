package org.wucme.challenges.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.testing.TrustEverybody;

class ClientHelloTest {

    private static ByteBuffer hello(String version, List<String> names) throws SSLException {
        SSLEngine client = Tls.client(new TrustEverybody()).createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {"acme-tls/1"});
        parameters.setServerNames(names.stream()
                .map(SNIHostName::new)
                .map(name -> (SNIServerName) name)
                .toList());
        client.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), record);
        return record.flip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theServerNameOfARealClientIsRead(String version) throws SSLException {
        ByteBuffer record = hello(version, List.of("www.example.org"));

        assertThat(ClientHello.serverName(record)).isEqualTo("www.example.org");
        assertThat(record.position()).isZero();
    }

    @Test
    void aClientThatNamesNoServerHasNone() throws SSLException {
        assertThat(ClientHello.serverName(hello("TLSv1.3", List.of()))).isNull();
    }

    @Test
    void whatIsCutOffOrChangedIsReadWithoutAnError() throws SSLException {
        ByteBuffer record = hello("TLSv1.3", List.of("www.example.org"));
        for (int length = 0; length < record.limit(); length++) {
            assertThat(ClientHello.serverName(record.duplicate().limit(length))).isIn(null, "www.example.org");
        }
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] changed = new byte[record.limit()];
            record.duplicate().get(changed);
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            String name = ClientHello.serverName(ByteBuffer.wrap(changed));
            assertThat(name == null || name.length() < changed.length).isTrue();
        }
    }

    @Test
    void whatIsNoTlsHasNoServerName() {
        assertThat(ClientHello.serverName(ByteBuffer.wrap(new byte[] {'G', 'E', 'T', ' '})))
                .isNull();
        assertThat(ClientHello.serverName(ByteBuffer.allocate(0))).isNull();
    }
}
