package org.wucme.examples.servers;

import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.manage.CertificateManager;

class BootTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.of(Proof.HTTP_01);
    }

    @Override
    Running start(Scene scene) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(BootServer.class)
                .initializers(beansOf(scene))
                .run(
                        "--server.port=" + scene.addresses.tls().getPort(),
                        "--server.address=" + scene.addresses.tls().getHostString(),
                        "--server.ssl.bundle=acme",
                        "--plain.port=" + scene.addresses.plain().getPort(),
                        "--logging.level.root=WARN",
                        "--spring.main.banner-mode=off",
                        "--spring.main.allow-bean-definition-overriding=true");
        return new Running(
                context.getBean(CertificateManager.class),
                context.getBean(Connector.class).getLocalPort(),
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class),
                context);
    }

    /** In the place of the application's own. */
    private static ApplicationContextInitializer<GenericApplicationContext> beansOf(Scene scene) {
        return context -> {
            context.registerBean("http01", Http01Responder.class, () -> scene.http01);
            context.registerBean("certificates", CertificateManager.Builder.class, scene::certificates);
        };
    }
}
