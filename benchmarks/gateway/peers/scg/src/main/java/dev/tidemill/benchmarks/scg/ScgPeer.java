package dev.tidemill.benchmarks.scg;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/// Spring Cloud Gateway with one route and nothing else: no key, no limit, no metric.
@SpringBootApplication
public class ScgPeer {
    public static void main(String[] arguments) {
        SpringApplication.run(ScgPeer.class, arguments);
    }

    @Bean
    RouteLocator routes(RouteLocatorBuilder builder) {
        String upstream = System.getProperty("upstream");
        return builder.routes().route("chat", route -> route.path("/v1/**").uri(upstream)).build();
    }
}
