package org.wucme.examples.servers;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
        return start(scene, List.of());
    }

    /** Starts the application with further arguments. */
    final Running start(Scene scene, List<String> furtherArguments) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + scene.addresses.tls().getPort(),
                "--server.address=" + scene.addresses.tls().getHostString(),
                "--server.ssl.bundle=acme",
                "--plain.port=" + scene.addresses.plain().getPort(),
                "--logging.level.root=WARN",
                "--spring.main.banner-mode=off",
                "--spring.main.allow-bean-definition-overriding=true"));
        arguments.addAll(furtherArguments);
        ConfigurableApplicationContext context = new SpringApplicationBuilder(BootServer.class)
                .initializers(beansOf(scene))
                .run(arguments.toArray(String[]::new));
        return new Running(
                context.getBean(CertificateManager.class),
                context.getBean(Connector.class).getLocalPort(),
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class),
                context);
    }

    /** In the place of the application's own. */
    ApplicationContextInitializer<GenericApplicationContext> beansOf(Scene scene) {
        return context -> {
            context.registerBean("http01", Http01Responder.class, () -> scene.http01);
            context.registerBean("certificates", CertificateManager.Builder.class, scene::certificates);
        };
    }
}
