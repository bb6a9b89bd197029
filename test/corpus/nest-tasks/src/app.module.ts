import { Module } from "@nestjs/common";
import { ConfigModule } from "@nestjs/config";
import { EventEmitterModule } from "@nestjs/event-emitter";
import configuration from "./configuration";
import { HealthController } from "./health.controller";
import { TasksModule } from "./tasks/tasks.module";

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true, load: [configuration] }), EventEmitterModule.forRoot(), TasksModule],
  controllers: [HealthController],
})
export class AppModule {}
