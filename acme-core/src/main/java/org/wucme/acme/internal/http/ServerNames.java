package org.wucme.acme.internal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * Sockets that send the server's name (SNI, RFC 6066 section 3) even if it has one label, such as {@code ca}: Java sends none
 * then, and a private CA may have its certificate by that name.
 */
final class ServerNames extends SSLSocketFactory {

    private final SSLSocketFactory sockets;

    private ServerNames(SSLSocketFactory sockets) {
        this.sockets = sockets;
    }

    /** The client with such sockets. */
    static OkHttpClient apply(OkHttpClient client) {
        X509TrustManager trust = client.x509TrustManager();
        return trust == null
                ? client
                : client.newBuilder()
                        .sslSocketFactory(new ServerNames(client.sslSocketFactory()), trust)
                        .build();
    }

    // The only one that OkHttp asks for: it opens the connection itself.
    @Override
    public Socket createSocket(Socket connection, String host, int port, boolean autoClose) throws IOException {
        Socket socket = sockets.createSocket(connection, host, port, autoClose);
        if (socket instanceof SSLSocket tls && isOneLabel(host)) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setServerNames(names(host));
            tls.setSSLParameters(parameters);
        }
        return socket;
    }

    // Services in a network of containers may have names that no host can have, such as step_ca.
    private static List<SNIServerName> names(String host) {
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    // Neither a name of several labels, which Java sends, nor an address, which has no place there.
    private static boolean isOneLabel(String host) {
        return !host.isEmpty() && host.indexOf('.') < 0 && host.indexOf(':') < 0;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return sockets.createSocket(address, port, localAddress, localPort);
    }
}
