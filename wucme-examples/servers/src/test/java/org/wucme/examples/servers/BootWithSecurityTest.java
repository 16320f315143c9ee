package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.Path;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.wucme.testing.ca.TestCa;

/** The application as {@link BootTest} has it, with Spring Security, and with a filter that redirects all plain requests. */
class BootWithSecurityTest extends BootTest {

    @Override
    Running start(Scene scene) {
        return start(
                scene,
                List.of(
                        // The other tests exclude what secures an application.
                        "--spring.autoconfigure.exclude=",
                        "--spring.security.user.name=visitor",
                        "--spring.security.user.password=secret"));
    }

    @Override
    ApplicationContextInitializer<GenericApplicationContext> beansOf(Scene scene) {
        return context -> {
            super.beansOf(scene).initialize(context);
            context.registerBean("toHttps", FilterRegistrationBean.class, BootWithSecurityTest::toHttps);
        };
    }

    private static FilterRegistrationBean<Filter> toHttps() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            if (request.isSecure()) {
                chain.doFilter(request, response);
            } else {
                ((HttpServletResponse) response).sendRedirect("https://" + request.getServerName() + "/");
            }
        });
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Test
    void theApplicationIsSecuredAndRedirectsIndeed(@TempDir Path folder) throws Exception {
        OkHttpClient http = new OkHttpClient.Builder().followRedirects(false).build();
        try (TestCa ca = TestCa.start();
                Running server = start(new Scene(Authority.of(ca), Proof.HTTP_01, folder));
                Response response = http.newCall(new Request.Builder()
                                .url("http://127.0.0.1:" + server.plainPort() + "/")
                                .build())
                        .execute()) {
            assertThat(((ApplicationContext) server.server()).containsBean("springSecurityFilterChain"))
                    .isTrue();
            assertThat(response.code()).isEqualTo(302);
        } finally {
            http.connectionPool().evictAll();
        }
    }
}
