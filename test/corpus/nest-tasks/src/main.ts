import "reflect-metadata";
import { Logger, ValidationPipe } from "@nestjs/common";
import { ConfigService } from "@nestjs/config";
import { NestFactory } from "@nestjs/core";
import { DocumentBuilder, SwaggerModule } from "@nestjs/swagger";
import helmet from "helmet";
import { AppModule } from "./app.module";

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: false });
  const config = app.get(ConfigService);
  app.use(helmet());
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  app.enableShutdownHooks();
  if (config.get("docs.enabled")) {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle("Tasks").build());
    SwaggerModule.setup("docs", app, document);
  }
  await app.listen(config.getOrThrow<number>("port"), "0.0.0.0");
  new Logger("bootstrap").log(`listening on ${await app.getUrl()}`);
}

void bootstrap();
