package org.wucme.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;
import org.wucme.challenges.http.Http01Server;
import org.wucme.cli.doctor.Finding.Grade;

class Http01CheckTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void aRedirectIsFollowedAndItsPortJudged() throws Exception {
        try (Http01Server responder = Http01Server.open(ANY_PORT)) {
            Finding found = examineBehind(responder, path -> "http://localhost:" + responder.port() + path);

            assertThat(found.grade()).isEqualTo(Grade.WARNING);
            assertThat(found.text())
                    .contains("the token came back from http://localhost:" + responder.port())
                    .contains("CAs follow redirects to the ports 80 and 443 only");
        }
    }

    @Test
    void redirectsWithoutEndAreGivenUp() throws Exception {
        try (Http01Server responder = Http01Server.open(ANY_PORT)) {
            assertThat(examineBehind(responder, path -> path).text()).contains("redirects more than 10 times");
        }
    }

    @Test
    void aRedirectToSomethingElseThanTheWebIsRefused() throws Exception {
        try (Http01Server responder = Http01Server.open(ANY_PORT)) {
            assertThat(examineBehind(responder, path -> "ftp://localhost/").text())
                    .contains("no http or https URL");
        }
    }

    private static Finding examineBehind(Http01Server responder, UnaryOperator<String> redirect) throws Exception {
        HttpServer front = HttpServer.create(ANY_PORT, 0);
        front.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", redirect.apply(exchange.getRequestURI().getPath()));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        front.start();
        try {
            return new Http01Check(responder)
                    .examine(Identifier.dns("localhost"), front.getAddress().getPort());
        } finally {
            front.stop(0);
        }
    }
}
