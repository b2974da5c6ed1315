package io.securememory.spring.boot.autoconfigure.credentials;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Has the client that Spring Boot makes ask for its secret. A client that the application makes stays as it is, and fails the
 * start, because it would connect without the secret.
 *
 * @param <T> the client
 */
final class ClientPostProcessor<T> implements BeanPostProcessor, SmartInitializingSingleton {

    private final Class<T> type;
    private final String configuration;
    private final String property;
    private final String remedy;
    private final ConfigurableListableBeanFactory beans;
    private final UnaryOperator<T> handOver;
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * @param type the client
     * @param configuration the class of Spring Boot that makes the client
     * @param property names the secret
     * @param remedy for a client of the application, in whole sentences
     * @param handOver changes or replaces the client, before it is used
     */
    ClientPostProcessor(
            Class<T> type,
            String configuration,
            String property,
            String remedy,
            ConfigurableListableBeanFactory beans,
            UnaryOperator<T> handOver) {
        this.type = type;
        this.configuration = configuration;
        this.property = property;
        this.remedy = remedy;
        this.beans = beans;
        this.handOver = handOver;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (!type.isInstance(bean) || !isOfSpringBoot(beanName)) {
            return bean;
        }
        taken.set(true);
        return handOver.apply(type.cast(bean));
    }

    private boolean isOfSpringBoot(String beanName) {
        if (!beans.containsBeanDefinition(beanName)) {
            return false;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(beanName);
        return configuration.equals(definition.getFactoryBeanName());
    }

    @Override
    public void afterSingletonsInstantiated() {
        Unasked.check(property, type, beans, taken::get, remedy);
    }
}
