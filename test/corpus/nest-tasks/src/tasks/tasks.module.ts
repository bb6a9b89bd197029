import { Module } from "@nestjs/common";
import { AuditListener } from "./audit.listener";
import { TasksController } from "./tasks.controller";
import { TasksService } from "./tasks.service";

@Module({ controllers: [TasksController], providers: [TasksService, AuditListener] })
export class TasksModule {}
