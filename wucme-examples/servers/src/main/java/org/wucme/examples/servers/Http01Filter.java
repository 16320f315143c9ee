package org.wucme.examples.servers;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.HttpAnswer;

/**
 * Answers http-01 challenges (RFC 8555 section 8.3) in a servlet container. What the responder has no answer for goes on to
 * the application, and so does every method but GET and HEAD. Map it to {@code /*} or {@code /.well-known/acme-challenge/*}
 * of the root application, before what asks for a login or redirects to HTTPS.
 */
public final class Http01Filter implements Filter {

    private final Http01Responder responder;

    /** Answers what the responder knows. */
    public Http01Filter(Http01Responder responder) {
        this.responder = responder;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<HttpAnswer> answer = request instanceof HttpServletRequest http ? answer(http) : Optional.empty();
        if (answer.isPresent() && response instanceof HttpServletResponse http) {
            send(answer.get(), http);
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<HttpAnswer> answer(HttpServletRequest request) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return reads ? responder.answer(request.getHeader("Host"), request.getRequestURI()) : Optional.empty();
    }

    private static void send(HttpAnswer answer, HttpServletResponse response) throws IOException {
        byte[] body = answer.bytes();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
