package org.wucme.examples.servers;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.HttpAnswer;
import org.wucme.manage.CertificateManager;

/** Undertow, which proves its names by http-01 on its plain port: {@code UndertowServer NAME...} */
public final class UndertowServer {

    private UndertowServer() {}

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException {
        Http01Responder http01 = new Http01Responder();
        CertificateManager manager = Certificates.of(names).solvers(http01).build();
        create(manager.sslContext(), http01, Addresses.STANDARD).start();
        manager.start();
    }

    /** A server with the certificates of this context, to be started; its first listener is the plain one. */
    static Undertow create(SSLContext tls, Http01Responder http01, Addresses at) {
        HttpHandler application = exchange -> exchange.getResponseSender().send("Hello.\n");
        return Undertow.builder()
                .setSslEngineDelegatedTaskExecutor(Certificates.handshakeThreads())
                .addHttpListener(at.plain().getPort(), at.plain().getHostString())
                .addHttpsListener(at.tls().getPort(), at.tls().getHostString(), tls)
                .setHandler(answering(http01, application))
                .build();
    }

    private static HttpHandler answering(Http01Responder http01, HttpHandler application) {
        return exchange -> {
            Optional<HttpAnswer> answer = answer(http01, exchange);
            if (answer.isPresent()) {
                send(answer.get(), exchange);
            } else {
                application.handleRequest(exchange);
            }
        };
    }

    private static Optional<HttpAnswer> answer(Http01Responder http01, HttpServerExchange exchange) {
        boolean reads = exchange.getRequestMethod().equals(Methods.GET)
                || exchange.getRequestMethod().equals(Methods.HEAD);
        String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
        return reads ? http01.answer(host, exchange.getRequestURI()) : Optional.empty();
    }

    private static void send(HttpAnswer answer, HttpServerExchange exchange) {
        exchange.setStatusCode(answer.status());
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        exchange.getResponseSender().send(ByteBuffer.wrap(answer.bytes()));
    }
}
